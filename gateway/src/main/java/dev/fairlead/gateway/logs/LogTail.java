package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import dev.fairlead.gateway.time.StateMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tail of one log: where it is, who watches it through which filter, and when to read next. A line that comes alone
 * is read at once; under load reads keep a distance that grows with the rate, so that many lines leave in one frame.
 * Plain state, driven by one event loop; times are nanoseconds of the monotonic clock.
 */
@StateMachine
final class LogTail {
    /** An unfinished last line is told after this long. */
    static final Duration UNFINISHED_LINE = Duration.ofSeconds(2);

    /** How long a filter nobody watches through is served: longer than a client's longest wait to reconnect. */
    static final Duration LINGER = Duration.ofSeconds(60);

    /** Between reads while lines come one by one; what a reader of a live log does not notice. */
    private static final Duration CALM = Duration.ofMillis(3);

    private static final Duration BUSY = Duration.ofMillis(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final double CALM_LINES_A_SECOND = 2_500;
    private static final double BUSY_LINES_A_SECOND = 20_000;

    private static final class View {
        private final LogFilter filter;
        private long usedAt;

        View(LogFilter filter, long usedAt) {
            this.filter = filter;
            this.usedAt = usedAt;
        }
    }

    private final Duration batchWindow;
    private final Map<String, View> views = new HashMap<>();
    private long position;
    private Duration distance = Duration.ZERO;
    private long began = Long.MIN_VALUE / 2;
    private boolean reading;
    private boolean scheduled;
    private boolean noticed;
    private Optional<Long> unfinishedAt = Optional.empty();
    private long unfinishedSince;

    /**
     * A tail that begins at a position.
     *
     * @param batchWindow the longest distance of two reads
     */
    LogTail(long position, Duration batchWindow) {
        this.position = position;
        this.batchWindow = batchWindow;
    }

    /** Up to where everything has been told. */
    long position() {
        return position;
    }

    /** Somebody watches through this filter. */
    void watch(String view, LogFilter filter, long now) {
        views.computeIfAbsent(view, ignored -> new View(filter, now)).usedAt = now;
    }

    /** Notes which of the filters are watched through and forgets those that have not been for a while. */
    void inUse(Set<String> names, long now) {
        views.forEach((name, view) -> view.usedAt = names.contains(name) ? now : view.usedAt);
        views.values().removeIf(view -> now - view.usedAt > LINGER.toNanos());
    }

    boolean isWatched() {
        return !views.isEmpty();
    }

    /** The filters, by the names of their views. */
    Map<String, LogFilter> filters() {
        Map<String, LogFilter> filters = new HashMap<>();
        views.forEach((name, view) -> filters.put(name, view.filter));
        return filters;
    }

    /** Something may have happened to the log: when to read; empty where that is settled already. */
    Optional<Duration> noticed(long now) {
        if (reading || scheduled) {
            noticed = true;
            return Optional.empty();
        }
        scheduled = true;
        return Optional.of(untilNext(now));
    }

    /** A read begins; tells what is to become of a line without its end. */
    Rest begin(long now) {
        scheduled = false;
        noticed = false;
        reading = true;
        began = now;
        return unfinishedAt.isPresent() && now - unfinishedSince >= UNFINISHED_LINE.toNanos()
                ? Rest.LEAVES
                : Rest.WAITS;
    }

    /** A read ended: when to read again, where that does not wait for news. */
    Optional<Duration> done(LogStretch stretch, long now) {
        reading = false;
        long elapsed = Math.max(now - began, distance.toNanos());
        double rate = stretch.lines() * 1e9 / Math.max(elapsed, CALM.toNanos());
        Duration wanted = rate <= CALM_LINES_A_SECOND ? CALM : rate <= BUSY_LINES_A_SECOND ? BUSY : batchWindow;
        distance = wanted.compareTo(batchWindow) < 0 ? wanted : batchWindow;
        position = stretch.to();
        if (!stretch.unfinished()) {
            unfinishedAt = Optional.empty();
        } else if (unfinishedAt.isEmpty() || unfinishedAt.get() != position) {
            unfinishedAt = Optional.of(position);
            unfinishedSince = now;
        }
        if (stretch.more()) {
            scheduled = true;
            return Optional.of(Duration.ZERO);
        }
        return noticed ? noticed(now) : Optional.empty();
    }

    /** A read failed: when to try again. */
    Optional<Duration> failed() {
        reading = false;
        scheduled = true;
        return Optional.of(AFTER_FAILURE);
    }

    private Duration untilNext(long now) {
        long wait = began + distance.toNanos() - now;
        return wait <= 0 ? Duration.ZERO : Duration.ofNanos(wait);
    }
}
