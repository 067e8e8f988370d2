package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets messages that ended long ago, some blocks at a time, so that no other write waits for it. */
final class Retention {
    /** Blocks one transaction removes. */
    static final int BATCH = 4;

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final Ledger ledger;
    private final Ownership ownership;
    private final TimeSource time;

    Retention(Ledger ledger, Ownership ownership, TimeSource time) {
        this.ledger = ledger;
        this.ownership = ownership;
        this.time = time;
    }

    /** Does nothing where another node is the janitor. */
    void prune() {
        for (Retained retained : Retained.values()) {
            prune(retained);
        }
    }

    private void prune(Retained retained) {
        if (ownership.fence(LeaseName.JANITOR).isEmpty()) {
            return;
        }
        Instant before = time.instant().minus(retained.life());
        ledger.commit(
                        () -> List.of(LeaseName.JANITOR),
                        fences -> c -> BlockRepository.prune(c, retained, before, BATCH))
                .onComplete(done -> {
                    if (done.failed()) {
                        log.warn(
                                "Old messages were not removed: {}",
                                done.cause().getMessage());
                    } else if (done.result() == BATCH) {
                        prune(retained);
                    }
                });
    }
}
