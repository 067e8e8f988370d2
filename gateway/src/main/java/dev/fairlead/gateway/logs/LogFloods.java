package dev.fairlead.gateway.logs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which logs are written faster than they can be kept, and how much of them went: counted as
 * {@code fairlead.logs.dropped}, said when it begins, told by the health of the logs until it is over. Times are
 * nanoseconds of the monotonic clock.
 */
final class LogFloods {
    /** So long after the last byte that was dropped it is over. */
    static final Duration OVER = Duration.ofSeconds(60);

    private static final class Flood {
        private long bytes;
        private long at;
    }

    private final Counter dropped;
    private final Map<String, Flood> floods = new HashMap<>();

    LogFloods(MeterRegistry registry) {
        this.dropped = Counter.builder("fairlead.logs.dropped")
                .baseUnit("bytes")
                .description("Bytes of logs dropped because they came faster than they can be kept")
                .register(registry);
    }

    /** Bytes of a log went; whether that is news. */
    boolean dropped(String name, long bytes, long now) {
        dropped.increment((double) bytes);
        forgetOver(now);
        boolean begins = !floods.containsKey(name);
        Flood flood = floods.computeIfAbsent(name, ignored -> new Flood());
        flood.bytes += bytes;
        flood.at = now;
        return begins;
    }

    /** What is to be said of it now, for people. */
    Optional<String> told(long now) {
        forgetOver(now);
        return new TreeMap<>(floods)
                .entrySet().stream()
                        .findFirst()
                        .map(one -> words(one.getKey()) + ": " + one.getValue().bytes / (1024 * 1024) + " MiB dropped"
                                + (floods.size() > 1 ? "; and so are " + (floods.size() - 1) + " more" : ""));
    }

    static String words(String name) {
        return "log '" + name + "' is written faster than it can be kept";
    }

    private void forgetOver(long now) {
        floods.values().removeIf(flood -> now - flood.at > OVER.toNanos());
    }
}
