package dev.fairlead.gateway.market;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.client.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * When quotes are asked for by single calls. One call serves all who wait for the same symbols, a hundred symbols go in
 * one, calls are limited in rate, and after one that failed there is none for as long as the upstream asks or a backoff
 * says; then one alone tries whether it works again. Plain state on injected time.
 */
@StateMachine
final class RestFallback {
    /** Most symbols of one call. */
    static final int BATCH = 100;

    /** How many calls may follow at once on a time without any; then two a second. */
    static final int BURST = 10;

    /** How long a symbol the upstream does not know is not asked for again. */
    static final Duration UNKNOWN_FOR = Duration.ofSeconds(30);

    private static final int MOST_IN_FLIGHT = 2;
    private static final long NANOS_PER_CALL = Duration.ofMillis(500).toNanos();
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** Why a symbol is not asked for now. */
    record Refusal(String reason, Optional<Duration> retryAfter) {}

    private record Pause(String reason, long until) {}

    private final TimeSource time;
    private final Backoff backoff;
    private final Set<String> due = new LinkedHashSet<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Map<String, Long> unknownUntil = new HashMap<>();
    private Optional<Pause> pause = Optional.empty();
    private boolean halfOpen;
    private int calls;
    private long credit; // nanoseconds of calls that may be spent
    private long creditAt;

    RestFallback(TimeSource time, RandomGenerator random) {
        this.time = time;
        this.backoff = Backoff.of(FIRST_PAUSE, LONGEST_PAUSE, random);
        this.credit = BURST * NANOS_PER_CALL;
        this.creditAt = time.nanos();
    }

    /** Puts a symbol up for the next call, unless one is on its way; says why where it will not be asked for. */
    Optional<Refusal> want(String symbol) {
        long now = time.nanos();
        Long unknown = unknownUntil.get(symbol);
        if (unknown != null && now - unknown < 0) {
            return Optional.of(new Refusal("the upstream knows no such symbol", Optional.of(left(unknown, now))));
        }
        Optional<Refusal> paused = paused(now);
        if (paused.isEmpty() && !inFlight.contains(symbol)) {
            due.add(symbol);
        }
        return paused;
    }

    /** A call to make now; it ends with {@link #answered} or {@link #failed}. */
    Optional<List<String>> takeCall() {
        long now = time.nanos();
        credit = Math.min(BURST * NANOS_PER_CALL, credit + now - creditAt);
        creditAt = now;
        int most = halfOpen ? 1 : MOST_IN_FLIGHT;
        if (due.isEmpty()
                || calls >= most
                || credit < NANOS_PER_CALL
                || paused(now).isPresent()) {
            return Optional.empty();
        }
        List<String> batch = due.stream().limit(BATCH).toList();
        batch.forEach(due::remove);
        inFlight.addAll(batch);
        calls++;
        credit -= NANOS_PER_CALL;
        return Optional.of(batch);
    }

    /** A call brought quotes of {@code found}; the others of the batch are unknown to the upstream. */
    void answered(List<String> batch, Collection<String> found) {
        ended(batch);
        halfOpen = false;
        backoff.reset();
        long now = time.nanos();
        unknownUntil.values().removeIf(until -> now - until >= 0);
        batch.stream()
                .filter(symbol -> !found.contains(symbol))
                .forEach(symbol -> unknownUntil.put(symbol, now + UNKNOWN_FOR.toNanos()));
    }

    /**
     * A call failed.
     *
     * @return the symbols that will not be asked for now: the batch, and those that waited for the next one
     */
    List<String> failed(List<String> batch, String reason, Optional<Duration> retryAfter) {
        ended(batch);
        Duration step = backoff.next();
        Duration asked = retryAfter.orElse(step);
        Duration wait = asked.compareTo(FIRST_PAUSE) < 0 && retryAfter.isPresent() ? FIRST_PAUSE : asked;
        long until = time.nanos() + wait.toNanos();
        // Of two calls that fail together the longer pause counts.
        if (pause.isEmpty() || until - pause.get().until() > 0) {
            pause = Optional.of(new Pause(reason, until));
        }
        halfOpen = true;
        List<String> given = new ArrayList<>(batch);
        given.addAll(due);
        due.clear();
        return given;
    }

    /** Nobody waits for it any more. */
    void forget(String symbol) {
        due.remove(symbol);
        unknownUntil.remove(symbol);
    }

    /** Why no call is made now, where that is so. */
    Optional<Refusal> paused() {
        return paused(time.nanos());
    }

    private Optional<Refusal> paused(long now) {
        if (pause.isPresent() && now - pause.get().until() >= 0) {
            pause = Optional.empty();
        }
        return pause.map(held -> new Refusal(held.reason(), Optional.of(left(held.until(), now))));
    }

    private void ended(List<String> batch) {
        calls--;
        batch.forEach(inFlight::remove);
    }

    private static Duration left(long until, long now) {
        return Duration.ofNanos(until - now);
    }
}
