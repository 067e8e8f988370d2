package dev.fairlead.gateway.instances;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one instance used of late: each sample of the last hour, and each minute of the last day. At most 60 KB of
 * memory, and little before there is much to keep. Not thread-safe.
 */
final class UsageRing {
    static final Duration FINE = Duration.ofHours(1);
    static final Duration COARSE = Duration.ofHours(24);
    /** Samples come every 5 s. */
    private static final int FINE_SLOTS = 720;

    private static final int COARSE_SLOTS = 1_440;
    private static final int SECONDS = 60;

    private final Series fine = new Series(FINE_SLOTS);
    private final Series coarse = new Series(COARSE_SLOTS);
    private final List<Usage> minute = new ArrayList<>();

    /** Samples are added in the order of their times. */
    void add(Usage sample) {
        fine.add(sample);
        if (!minute.isEmpty() && minuteOf(minute.get(0)) != minuteOf(sample)) {
            coarse.add(summed(minute));
            minute.clear();
        }
        minute.add(sample);
    }

    /** Samples of the time since then, the oldest first: each one within an hour, else one a minute. */
    List<Usage> since(Instant from, Duration range) {
        return range.compareTo(FINE) <= 0 ? fine.since(from) : coarse.since(from);
    }

    Optional<Usage> last() {
        return fine.last();
    }

    private static long minuteOf(Usage sample) {
        return Math.floorDiv(sample.at().getEpochSecond(), SECONDS);
    }

    private static Usage summed(List<Usage> minute) {
        double[] cpu = minute.stream()
                .flatMap(one -> one.cpuPercent().stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        return new Usage(
                Instant.ofEpochSecond(minuteOf(minute.get(0)) * SECONDS),
                cpu.length == 0
                        ? Optional.empty()
                        : Optional.of(Arrays.stream(cpu).sum() / cpu.length),
                minute.stream().mapToLong(Usage::memoryBytes).max().orElseThrow(),
                minute.stream().flatMap(one -> one.openFiles().stream()).max(Integer::compare),
                minute.stream().mapToInt(Usage::threads).max().orElseThrow(),
                minute.stream().mapToInt(Usage::processes).max().orElseThrow(),
                minute.stream().mapToLong(Usage::logBytes).max().orElseThrow());
    }

    /** A ring of plain arrays that grow as it fills: objects would take four times as much. */
    private static final class Series {
        private static final int FIRST = 16;
        private static final int KIB = 1_024;
        private static final int UNKNOWN = -1;

        private final int most;
        private int[] seconds = new int[FIRST];
        private float[] cpu = new float[FIRST];
        private int[] memory = new int[FIRST];
        private int[] files = new int[FIRST];
        private int[] threads = new int[FIRST];
        private int[] processes = new int[FIRST];
        private int[] log = new int[FIRST];
        private long added;

        Series(int most) {
            this.most = most;
        }

        void add(Usage sample) {
            if (added == seconds.length && added < most) {
                grow(Math.min(most, seconds.length * 2));
            }
            int at = (int) (added++ % seconds.length);
            seconds[at] = (int) sample.at().getEpochSecond(); // read as unsigned: until 2106
            cpu[at] = sample.cpuPercent().map(Double::floatValue).orElse(Float.NaN);
            memory[at] = kib(sample.memoryBytes());
            files[at] = sample.openFiles().orElse(UNKNOWN);
            threads[at] = sample.threads();
            processes[at] = sample.processes();
            log[at] = kib(sample.logBytes());
        }

        private void grow(int to) {
            seconds = Arrays.copyOf(seconds, to);
            cpu = Arrays.copyOf(cpu, to);
            memory = Arrays.copyOf(memory, to);
            files = Arrays.copyOf(files, to);
            threads = Arrays.copyOf(threads, to);
            processes = Arrays.copyOf(processes, to);
            log = Arrays.copyOf(log, to);
        }

        private static int kib(long bytes) {
            return (int) Math.min(Integer.MAX_VALUE, (bytes + KIB - 1) / KIB);
        }

        List<Usage> since(Instant from) {
            List<Usage> found = new ArrayList<>();
            for (long i = Math.max(0, added - seconds.length); i < added; i++) {
                Usage one = get(i);
                if (!one.at().isBefore(from)) {
                    found.add(one);
                }
            }
            return found;
        }

        Optional<Usage> last() {
            return added == 0 ? Optional.empty() : Optional.of(get(added - 1));
        }

        private Usage get(long index) {
            int at = (int) (index % seconds.length);
            return new Usage(
                    Instant.ofEpochSecond(Integer.toUnsignedLong(seconds[at])),
                    Float.isNaN(cpu[at]) ? Optional.empty() : Optional.of(Math.round(cpu[at] * 100) / 100.0),
                    (long) memory[at] * KIB,
                    files[at] == UNKNOWN ? Optional.empty() : Optional.of(files[at]),
                    threads[at],
                    processes[at],
                    (long) log[at] * KIB);
        }
    }
}
