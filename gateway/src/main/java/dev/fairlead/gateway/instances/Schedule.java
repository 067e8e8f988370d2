package dev.fairlead.gateway.instances;

import java.time.Instant;
import java.util.Optional;

/**
 * When an instance is started by itself: again and again, or once. Neither for one that is not.
 *
 * @param cron minute, hour, day of month, month, day of week, as crontab has them
 * @param zone by which that is read, such as {@code Europe/Berlin}; UTC where absent
 * @param at once, then
 */
public record Schedule(Optional<String> cron, Optional<String> zone, Optional<Instant> at) {
    /** Whether there is none. */
    boolean isNone() {
        return cron.isEmpty() && zone.isEmpty() && at.isEmpty();
    }
}
