package dev.fairlead.gateway.upstream.simulator;

import java.util.Map;
import java.util.TreeMap;

/** How often what was called or done wrong; readable from any thread. */
public final class Counters {
    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** The count of {@code what}: {@code oauth_token}, {@code quote_tokens}, {@code by_type}, {@code orders}… */
    public synchronized long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** All that are not zero. */
    public synchronized Map<String, Long> all() {
        return new TreeMap<>(counts);
    }
}
