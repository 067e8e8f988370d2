package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How many orders each has placed within the last minute. Plain state; holds at most the bound for each. */
@StateMachine
final class OrderRate {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final TimeSource time;
    private final int most;
    private final Map<String, Deque<Long>> placed = new HashMap<>();

    OrderRate(TimeSource time, int most) {
        this.time = time;
        this.most = most;
    }

    /** Counts one more, unless that would be too many. */
    boolean take(String submitter) {
        forget();
        Deque<Long> own = placed.computeIfAbsent(submitter, name -> new ArrayDeque<>());
        if (own.size() >= most) {
            return false;
        }
        own.addLast(time.nanos());
        return true;
    }

    private void forget() {
        long before = time.nanos() - WINDOW.toNanos();
        placed.values().forEach(own -> {
            while (!own.isEmpty() && own.peekFirst() <= before) {
                own.removeFirst();
            }
        });
        placed.values().removeIf(Deque::isEmpty);
    }
}
