package dev.fairlead.gateway.store;

import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log once when the database goes, and why, and once when it is back for good, however many callers notice
 * and however often it comes and goes. Safe for use by several threads.
 */
final class Outage {
    /** Without a fault for so long it is over; a full disk lets a small write pass now and then. */
    static final Duration CALM = Duration.ofSeconds(3);

    /** Another reason is news, but not each time two of them take turns. */
    private static final Duration BETWEEN_REASONS = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final String side;

    private final String database;

    private final TimeSource time;

    private volatile Optional<String> reason = Optional.empty();

    private long lastFault;

    private long lastTold;

    Outage(String side, String database, TimeSource time) {
        this.side = side;
        this.database = database;
        this.time = time;
    }

    /** Takes down a fault; gives its cause in a line. */
    synchronized String begin(Throwable cause) {
        String why = RootCause.of(cause);
        long now = time.nanos();
        lastFault = now;
        boolean first = reason.isEmpty();
        if (first || (!reason.get().equals(why) && now - lastTold >= BETWEEN_REASONS.toNanos())) {
            lastTold = now;
            log.warn(
                    "The database {} does not serve {}: {}. Trying again until it does; callers get"
                            + " storage_unavailable meanwhile.",
                    database,
                    side,
                    why);
        }
        reason = Optional.of(why);
        return why;
    }

    /** It served; over once that has been so for a while. */
    void end() {
        if (reason.isPresent()) {
            endIfCalm();
        }
    }

    private synchronized void endIfCalm() {
        if (reason.isPresent() && time.nanos() - lastFault >= CALM.toNanos()) {
            reason = Optional.empty();
            log.info("The database {} serves {} again.", database, side);
        }
    }
}
