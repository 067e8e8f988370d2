package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.time.Duration;

/** How long a message is kept that has ended, by how it did. */
enum Retained {
    ACKNOWLEDGED(Duration.ofDays(7)),
    /** Those somebody may still want to look into. */
    ENDED(Duration.ofDays(30));

    private final Duration life;

    Retained(Duration life) {
        this.life = life;
    }

    Duration life() {
        return life;
    }

    /** As it stands in the database. */
    String wire() {
        return this == ACKNOWLEDGED ? "acknowledged" : "ended";
    }

    /** How far a shard's blocks have come, as it stands in the database. */
    String position(int shard) {
        return wire() + '/' + shard;
    }

    static Retained of(MessageEvent.Kind status) {
        return status == MessageEvent.Kind.ACKNOWLEDGED ? ACKNOWLEDGED : ENDED;
    }
}
