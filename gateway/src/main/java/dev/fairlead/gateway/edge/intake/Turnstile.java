package dev.fairlead.gateway.edge.intake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets in so many at a time, the others in the order in which they came: when a thousand come back at once, nobody is
 * refused and nobody is served too late because all are served at the same time. One address does not take all places.
 * Plain state, of one event loop.
 */
public final class Turnstile {
    private record Waiting(long arrival, Runnable go) {}

    private final int most;
    private final int mostOfOne;
    private final Map<String, Deque<Waiting>> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> inside = new HashMap<>();
    private int all;
    private long arrivals;

    /**
     * With places.
     *
     * @param most that are in at a time
     * @param mostOfOne of them from one {@link AddressShare}
     */
    public Turnstile(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Runs {@code go} now or when it is its turn; {@link #leave} must follow then, once. */
    public void arrive(String share, Runnable go) {
        waiting.computeIfAbsent(share, ignored -> new ArrayDeque<>()).add(new Waiting(arrivals++, go));
        admit();
    }

    /** One of that address is done. */
    public void leave(String share) {
        all--;
        inside.computeIfPresent(share, (ignored, count) -> count == 1 ? null : count - 1);
        admit();
    }

    private void admit() {
        for (Waiting next = next(); next != null; next = next()) {
            next.go.run();
        }
    }

    /** Takes the one that waits longest among those whose address has a place left; null where there is none. */
    private Waiting next() {
        if (all >= most) {
            return null;
        }
        String first = null;
        for (Map.Entry<String, Deque<Waiting>> one : waiting.entrySet()) {
            boolean hasPlace = inside.getOrDefault(one.getKey(), 0) < mostOfOne;
            if (hasPlace && (first == null || arrivalOf(one.getKey()) < arrivalOf(first))) {
                first = one.getKey();
            }
        }
        if (first == null) {
            return null;
        }
        Deque<Waiting> queue = waiting.get(first);
        Waiting taken = queue.poll();
        if (queue.isEmpty()) {
            waiting.remove(first);
        }
        all++;
        inside.merge(first, 1, Integer::sum);
        return taken;
    }

    private long arrivalOf(String share) {
        return waiting.get(share).peek().arrival;
    }
}
