package dev.fairlead.gateway.store;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log once when the database goes and once when it is back, however many callers notice. */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final String side;

    private final String database;

    private final AtomicBoolean under = new AtomicBoolean();

    Outage(String side, String database) {
        this.side = side;
        this.database = database;
    }

    void begin(Throwable cause) {
        if (under.compareAndSet(false, true)) {
            log.warn(
                    "The database {} does not serve {}: {}. Trying again until it does; callers get"
                            + " storage_unavailable meanwhile.",
                    database,
                    side,
                    cause.toString());
        }
    }

    void end() {
        if (under.get() && under.compareAndSet(true, false)) {
            log.info("The database {} serves {} again.", database, side);
        }
    }
}
