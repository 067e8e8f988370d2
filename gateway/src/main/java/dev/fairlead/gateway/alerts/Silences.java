package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.time.StateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Until when nobody is told: of all of a rule, or of one subject under it. Plain state; the times are of the clock that
 * what is kept expires by.
 */
@StateMachine
final class Silences {
    /** Longest silence; what is to be silent for ever is no rule. */
    static final Duration LONGEST = Duration.ofDays(30);

    /** Most silences at a time. */
    static final int MOST = 1_000;

    private final Map<String, Instant> until = new HashMap<>();

    /** The name of a silence of one subject. */
    static String of(String rule, String subject) {
        return rule + "/" + subject;
    }

    void put(String target, Instant end) {
        until.put(target, end);
    }

    void remove(String target) {
        until.remove(target);
    }

    int size() {
        return until.size();
    }

    /** Until when nothing is told of that subject; empty where it is. */
    Optional<Instant> of(String rule, String subject, Instant now) {
        Optional<Instant> whole = of(rule, now);
        Optional<Instant> one = of(of(rule, subject), now);
        return whole.filter(end -> one.isEmpty() || end.isAfter(one.get())).or(() -> one);
    }

    /** Until when nothing is told of a rule. */
    Optional<Instant> of(String target, Instant now) {
        return Optional.ofNullable(until.get(target)).filter(end -> end.isAfter(now));
    }

    /** Forgets those that are over. */
    void forget(Instant now) {
        until.values().removeIf(end -> !end.isAfter(now));
    }

    /** When the next of them is over. */
    Optional<Instant> next() {
        return until.values().stream().min(Instant::compareTo);
    }
}
