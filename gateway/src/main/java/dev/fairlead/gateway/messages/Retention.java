package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Instant;

/** Forgets messages that ended long ago, some blocks at a time, so that no other write waits for it. */
final class Retention {
    /** Blocks one transaction removes. */
    static final int BATCH = 4;

    private final Janitor janitor;
    private final TimeSource time;

    Retention(Janitor janitor, TimeSource time) {
        this.janitor = janitor;
        this.time = time;
    }

    void prune() {
        for (Retained retained : Retained.values()) {
            prune(retained);
        }
    }

    private void prune(Retained retained) {
        janitor.sweep("messages", BATCH, () -> {
            Instant before = time.instant().minus(retained.life());
            return c -> BlockRepository.prune(c, retained, before, BATCH);
        });
    }
}
