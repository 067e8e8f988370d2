package dev.fairlead.gateway.instances;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.function.Function;

/** The times of a schedule. */
final class ScheduledTimes {
    private static final int MAX_CHARS = 200;
    private static final int MAX_ZONE = 64;

    private final Function<Instant, Optional<Instant>> next;

    private ScheduledTimes(Function<Instant, Optional<Instant>> next) {
        this.next = next;
    }

    /** Refuses with {@code bad_request} what has no times. */
    static ScheduledTimes of(Schedule schedule) {
        if (schedule.cron().isPresent() == schedule.at().isPresent()) {
            throw refused("Field 'schedule' has either cron or at");
        }
        if (schedule.at().isPresent()) {
            if (schedule.zone().isPresent()) {
                throw refused("Field 'schedule.zone' goes with cron; at is a moment by itself");
            }
            Instant at = schedule.at().get();
            return new ScheduledTimes(after -> Optional.of(at).filter(one -> one.isAfter(after)));
        }
        ZoneId zone = schedule.zone().map(ScheduledTimes::zone).orElse(ZoneOffset.UTC);
        ExecutionTime times = times(schedule.cron().get());
        return new ScheduledTimes(after -> next(times, zone, after));
    }

    /**
     * As crontab has it: a time in an hour that clocks leave out is right after it. The library leaves it out, too, and
     * counts a daily time once in an hour that comes twice.
     */
    private static Optional<Instant> next(ExecutionTime times, ZoneId zone, Instant after) {
        Optional<Instant> next =
                times.nextExecution(ZonedDateTime.ofInstant(after, zone)).map(ZonedDateTime::toInstant);
        ZoneOffsetTransition change = zone.getRules().nextTransition(after);
        while (change != null && next.filter(change.getInstant()::isBefore).isPresent()) {
            if (change.isGap() && isIn(times, change)) {
                return Optional.of(change.getInstant());
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return next;
    }

    /** Whether a time is in the hour left out, by clocks that do not leave it out. */
    private static boolean isIn(ExecutionTime times, ZoneOffsetTransition gap) {
        ZonedDateTime before = gap.getDateTimeBefore().minusSeconds(1).atZone(ZoneOffset.UTC);
        return times.nextExecution(before)
                .filter(at -> at.toLocalDateTime().isBefore(gap.getDateTimeAfter()))
                .isPresent();
    }

    /** The first after a moment; empty where there is none. */
    Optional<Instant> after(Instant moment) {
        return next.apply(moment);
    }

    /** Refuses with {@code bad_request} where there is none to come. */
    void require(Instant now) {
        if (after(now).isEmpty()) {
            throw refused("Field 'schedule' has no time to come");
        }
    }

    private static ExecutionTime times(String cron) {
        if (cron.length() > MAX_CHARS) {
            throw refused("Field 'schedule.cron' has " + MAX_CHARS + " characters at most");
        }
        try {
            return ExecutionTime.forCron(
                    new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(cron));
        } catch (IllegalArgumentException e) {
            throw refused("Field 'schedule.cron' is minute, hour, day of month, month and day of week, such as"
                    + " '30 3 * * 1-5': " + e.getMessage());
        }
    }

    private static ZoneId zone(String name) {
        try {
            if (name.length() <= MAX_ZONE) {
                return ZoneId.of(name);
            }
        } catch (DateTimeException e) {
            // refused below
        }
        throw refused("Field 'schedule.zone' is a time zone such as Europe/Berlin");
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
