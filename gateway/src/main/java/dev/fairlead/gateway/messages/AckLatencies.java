package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.messages.MessageCommands.AckLatency;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long agents took from a delivery to its acknowledgement, over the last minute: counted in buckets eight to a
 * doubling, so that a percentile is right to some 6 %. Plain state, bounded, whatever comes in.
 */
final class AckLatencies {
    /** Agents followed at a time; of what more of them acknowledge nothing is told. */
    static final int MOST_AGENTS = 10_000;

    static final Duration SPAN = Duration.ofMinutes(1);

    private static final int SLOTS = 4;
    private static final long SLOT_NANOS = SPAN.toNanos() / SLOTS;
    private static final int PER_DOUBLING = 8;
    private static final int BITS = 3; // of PER_DOUBLING
    private static final int DOUBLINGS = 28; // of a microsecond: up to some 4 minutes
    private static final int NANOS_OF_MICRO = 1_000;

    /** What one agent acknowledged, a quarter of the span at a time. */
    private static final class Counts {
        private final int[][] slots = new int[SLOTS][];
        private final long[] numbers = new long[SLOTS];
        private final long[] totals = new long[SLOTS];
        private long newest;

        void add(long slot, int bucket) {
            int at = Math.floorMod(slot, SLOTS);
            if (slots[at] == null || numbers[at] != slot) {
                slots[at] = new int[DOUBLINGS * PER_DOUBLING];
                numbers[at] = slot;
                totals[at] = 0;
            }
            slots[at][bucket]++;
            totals[at]++;
            newest = slot;
        }

        boolean isIdle(long now) {
            return newest <= now - SLOTS;
        }

        long count(long now) {
            long count = 0;
            for (int at = 0; at < SLOTS; at++) {
                count += numbers[at] > now - SLOTS ? totals[at] : 0;
            }
            return count;
        }

        Optional<AckLatency> read(long now) {
            int[] all = new int[DOUBLINGS * PER_DOUBLING];
            long count = count(now);
            for (int at = 0; at < SLOTS; at++) {
                if (slots[at] != null && numbers[at] > now - SLOTS) {
                    for (int bucket = 0; bucket < all.length; bucket++) {
                        all[bucket] += slots[at][bucket];
                    }
                }
            }
            return count == 0
                    ? Optional.empty()
                    : Optional.of(new AckLatency(count, percentile(all, count, 0.5), percentile(all, count, 0.99)));
        }

        private static double percentile(int[] counts, long all, double share) {
            long wanted = (long) Math.ceil(all * share);
            int bucket = -1;
            for (long seen = 0; seen < wanted; seen += counts[bucket]) {
                bucket++;
            }
            return millis(bucket);
        }
    }

    private final Map<String, Counts> agents = new HashMap<>();

    /**
     * An agent acknowledged something.
     *
     * @param nanos since it was delivered
     * @param now nanoseconds of the monotonic clock
     */
    void add(String agent, long nanos, long now) {
        Counts counts = agents.get(agent);
        if (counts == null) {
            if (agents.size() >= MOST_AGENTS) {
                return;
            }
            counts = new Counts();
            agents.put(agent, counts);
        }
        counts.add(slot(now), bucket(nanos));
    }

    /** Of one agent; empty where it acknowledged nothing of late. */
    Optional<AckLatency> of(String agent, long now) {
        return Optional.ofNullable(agents.get(agent)).flatMap(counts -> counts.read(slot(now)));
    }

    /** Of those that acknowledged most. Lets go of those that acknowledged nothing of late. */
    Map<String, AckLatency> busiest(int most, long now) {
        long slot = slot(now);
        agents.values().removeIf(counts -> counts.isIdle(slot));
        Map<String, AckLatency> busiest = new LinkedHashMap<>();
        agents.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Counts> one) ->
                                one.getValue().count(slot))
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(one -> one.getValue().read(slot).ifPresent(last -> busiest.put(one.getKey(), last)));
        return busiest;
    }

    private static long slot(long now) {
        return Math.floorDiv(now, SLOT_NANOS);
    }

    private static int bucket(long nanos) {
        long micros = Math.max(1, nanos / NANOS_OF_MICRO);
        int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        if (doubling >= DOUBLINGS) {
            return DOUBLINGS * PER_DOUBLING - 1;
        }
        long eighths = (micros << BITS) >>> doubling; // from 8 to 15
        return doubling * PER_DOUBLING + (int) (eighths - PER_DOUBLING);
    }

    /** The middle of a bucket. */
    private static double millis(int bucket) {
        double micros = (PER_DOUBLING + bucket % PER_DOUBLING + 0.5) * (1L << (bucket / PER_DOUBLING)) / PER_DOUBLING;
        return Math.round(micros) / 1_000.0;
    }
}
