package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.MessageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets messages that ended long ago, a few at a time, so that no other write waits for it. */
final class Retention {
    /** Acknowledged ones a week; those somebody may still want to look into, a month. */
    static final Map<MessageEvent.Kind, Duration> KEPT = Map.of(
            MessageEvent.Kind.ACKNOWLEDGED, Duration.ofDays(7),
            MessageEvent.Kind.FAILED, Duration.ofDays(30),
            MessageEvent.Kind.EXPIRED, Duration.ofDays(30),
            MessageEvent.Kind.DEAD_LETTERED, Duration.ofDays(30));

    /** Messages one transaction removes. */
    static final int BATCH = 200;

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final Database database;
    private final TimeSource time;

    Retention(Database database, TimeSource time) {
        this.database = database;
        this.time = time;
    }

    void prune() {
        KEPT.forEach(this::prune);
    }

    private void prune(MessageEvent.Kind status, Duration kept) {
        Instant before = time.instant().minus(kept);
        database.write(c -> MessageRepository.prune(c, status, before, BATCH)).onComplete(done -> {
            if (done.failed()) {
                log.warn("Old messages were not removed: {}", done.cause().getMessage());
            } else if (done.result() == BATCH) {
                prune(status, kept);
            }
        });
    }
}
