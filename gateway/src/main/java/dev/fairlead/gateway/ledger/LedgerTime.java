package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time by which messages expire, keys are forgotten and history is pruned. It runs on the monotonic clock and never
 * goes back; what it has reached is stored, and a start takes the wall clock's step from there only where that is one
 * that a stop explains. A wall clock that leaps while the gateway runs moves nothing. Safe for use by several threads.
 */
@StateMachine
public final class LedgerTime implements TimeSource {
    /** The longest stop that is believed; a wall clock further ahead has been set wrongly, or was before. */
    static final Duration LONGEST_STOP = Duration.ofDays(7);

    /** What the wall clock may be off before it is doubted: a time server mends less without a word. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /**
     * What is stored.
     *
     * @param reached by this time
     * @param ahead of the wall clock, as an operator has accepted it; zero where the two agree
     */
    record Kept(Instant reached, Duration ahead) {}

    /** It was {@code at} when the monotonic clock stood at {@code nanos}. */
    private record Point(Instant at, long nanos, Duration ahead) {}

    private final TimeSource clocks;
    private volatile Point since;

    private LedgerTime(TimeSource clocks, Point since) {
        this.clocks = clocks;
        this.since = since;
    }

    /** Goes on from what is stored; without it, from the wall clock. */
    static LedgerTime start(TimeSource clocks, Optional<Kept> kept) {
        Duration ahead = kept.map(Kept::ahead).orElse(Duration.ZERO);
        Instant now = clocks.instant().plus(ahead);
        Instant from = kept.map(Kept::reached)
                .filter(reached -> !isStop(Duration.between(reached, now)))
                .orElse(now);
        return new LedgerTime(clocks, new Point(from, clocks.nanos(), ahead));
    }

    private static boolean isStop(Duration step) {
        return !step.isNegative() && step.compareTo(LONGEST_STOP) <= 0;
    }

    @Override
    public Instant instant() {
        Point point = since;
        return point.at().plusNanos(clocks.nanos() - point.nanos());
    }

    @Override
    public long nanos() {
        return clocks.nanos();
    }

    /** What to store now. */
    Kept kept() {
        return new Kept(instant(), since.ahead());
    }

    /** Why the wall clock is not believed, in a line for people; empty where the two agree. */
    Optional<String> doubt() {
        Duration parted = parted();
        if (parted.abs().compareTo(TOLERANCE) <= 0) {
            return Optional.empty();
        }
        return Optional.of(
                "the machine's clock is " + words(parted.abs()) + (parted.isNegative() ? " behind" : " ahead of")
                        + " the time this gateway reckons with, so that nothing expires or is pruned by it. Mend the clock, or, where"
                        + " it is right, accept it: POST /api/admin/clock {\"trust\":true}");
    }

    /**
     * The machine slept, and the monotonic clock with it; a clock that counts such times says for how long.
     *
     * @param slept taken where the wall clock says the same
     */
    synchronized void slept(Duration slept) {
        if (slept.compareTo(TOLERANCE) > 0 && parted().minus(slept).abs().compareTo(TOLERANCE) <= 0) {
            since = new Point(instant().plus(slept), clocks.nanos(), since.ahead());
        }
    }

    /** The wall clock is right, says an operator: it is taken where it is ahead; else time goes on from where it is. */
    synchronized void trust() {
        Instant wall = clocks.instant();
        Instant now = instant();
        since = wall.isBefore(now)
                ? new Point(now, clocks.nanos(), Duration.between(wall, now))
                : new Point(wall, clocks.nanos(), Duration.ZERO);
    }

    /** How far the wall clock is ahead of where it should be. */
    private Duration parted() {
        return Duration.between(instant(), clocks.instant().plus(since.ahead()));
    }

    private static String words(Duration duration) {
        if (duration.toDays() > 1) {
            return duration.toDays() + " days";
        }
        return duration.toHours() > 1 ? duration.toHours() + " hours" : duration.toMinutes() + " minutes";
    }
}
