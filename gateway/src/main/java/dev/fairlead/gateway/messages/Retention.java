package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
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

    private final Database database;
    private final Ownership ownership;
    private final TimeSource time;

    Retention(Database database, Ownership ownership, TimeSource time) {
        this.database = database;
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
        Instant before = time.instant().minus(retained.life());
        List<Fence> under;
        try {
            under = ownership.under(List.of(LeaseName.JANITOR));
        } catch (NotOwnerException lost) {
            return; // the next janitor does it
        }
        database.write(under, c -> BlockRepository.prune(c, retained, before, BATCH))
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
