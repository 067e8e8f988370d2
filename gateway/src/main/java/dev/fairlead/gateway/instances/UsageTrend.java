package dev.fairlead.gateway.instances;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * What an instance used over a time, in few steps: the most in each, the oldest first; 0 where nothing was looked at.
 *
 * @param cpuPercent of one core, to a tenth
 * @param memoryBytes resident
 */
public record UsageTrend(List<Double> cpuPercent, List<Long> memoryBytes) {
    /** Steps of every trend. */
    static final int STEPS = 30;

    private static final double TENTHS = 10;

    public UsageTrend {
        cpuPercent = List.copyOf(cpuPercent);
        memoryBytes = List.copyOf(memoryBytes);
    }

    /** Of samples within that time until now. */
    static UsageTrend of(List<Usage> samples, Instant now, Duration range) {
        double[] cpu = new double[STEPS];
        long[] memory = new long[STEPS];
        long start = now.minus(range).toEpochMilli();
        for (Usage one : samples) {
            long step = (one.at().toEpochMilli() - start) * STEPS / range.toMillis();
            int at = (int) Math.max(0, Math.min(STEPS - 1, step));
            cpu[at] = Math.max(cpu[at], one.cpuPercent().orElse(0.0));
            memory[at] = Math.max(memory[at], one.memoryBytes());
        }
        return new UsageTrend(
                DoubleStream.of(cpu)
                        .mapToObj(percent -> Math.round(percent * TENTHS) / TENTHS)
                        .collect(Collectors.toUnmodifiableList()),
                LongStream.of(memory).boxed().collect(Collectors.toUnmodifiableList()));
    }
}
