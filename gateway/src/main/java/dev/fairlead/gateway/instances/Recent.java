package dev.fairlead.gateway.instances;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the gateway remembers of an instance only as long as it runs itself.
 *
 * @param deaths when it died lately, in nanoseconds of the monotonic clock
 * @param attempt starts in a row that did not last
 * @param startedAt of the process that runs, in the same nanoseconds; empty where none does
 * @param failedChecks health checks in a row that failed
 * @param health the last check in a word; empty before the first
 * @param wake the number of the timer that ends the wait before the next start
 */
record Recent(
        List<Long> deaths,
        int attempt,
        Optional<Long> startedAt,
        int failedChecks,
        Optional<String> health,
        long wake) {
    /** That many deaths within the window and it is not started again. */
    static final int MAX_DEATHS = 5;

    static final Duration WINDOW = Duration.ofSeconds(60);

    static final Recent NOTHING = new Recent(List.of(), 0, Optional.empty(), 0, Optional.empty(), 0);

    private static final String PASSING = "passing";
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

    Recent started(long now) {
        return new Recent(deaths, attempt, Optional.of(now), 0, Optional.empty(), 0);
    }

    /** One more death; a process that lasted longer than the window starts the count of attempts anew. */
    Recent died(long now) {
        boolean lasted = startedAt.filter(at -> now - at >= WINDOW.toNanos()).isPresent();
        List<Long> lately = Stream.concat(deaths.stream().filter(at -> now - at < WINDOW.toNanos()), Stream.of(now))
                .toList();
        return new Recent(lately, lasted ? 0 : attempt, Optional.empty(), 0, Optional.empty(), 0);
    }

    boolean diedTooOften() {
        return deaths.size() >= MAX_DEATHS;
    }

    /**
     * How long to wait before the next start: 1 s, doubling to 60 s.
     *
     * @param random from 0 to 1; spreads the wait over its upper half
     */
    Duration delay(double random) {
        long full = Math.min(LONGEST_DELAY.toMillis(), FIRST_DELAY.toMillis() << Math.min(attempt, 16));
        return Duration.ofMillis((long) (full * (0.5 + random * 0.5)));
    }

    /** It waits for no time any more. */
    Recent released() {
        return new Recent(deaths, attempt, Optional.empty(), 0, Optional.empty(), 0);
    }

    Recent waiting(long number) {
        return new Recent(deaths, attempt + 1, Optional.empty(), 0, Optional.empty(), number);
    }

    /** Whether the last check passed. */
    boolean passed() {
        return health.filter(PASSING::equals).isPresent();
    }

    /** Whether the wait before the next start of one that died goes on. */
    boolean waits() {
        return wake != 0;
    }

    Recent checked(boolean passed) {
        return new Recent(
                deaths,
                attempt,
                startedAt,
                passed ? 0 : failedChecks + 1,
                Optional.of(passed ? PASSING : "failing"),
                wake);
    }
}
