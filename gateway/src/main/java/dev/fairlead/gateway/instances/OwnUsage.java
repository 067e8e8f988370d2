package dev.fairlead.gateway.instances;

import com.sun.management.OperatingSystemMXBean;
import dev.fairlead.gateway.time.TimeSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/** What the gateway's own process uses; looked at when somebody asks, so that nothing ticks for it. */
final class OwnUsage {
    /** Over shorter stretches the processor's time says nothing. */
    private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();

    /** Past this the last look is too long ago to be "now". */
    private static final long MOST_NANOS = Duration.ofMinutes(1).toNanos();

    private final TimeSource time;
    private long cpuThen = -1;
    private long then;
    private Optional<Double> percent = Optional.empty();

    OwnUsage(TimeSource time) {
        this.time = time;
    }

    InstanceCommands.GatewayUsage now() {
        Runtime runtime = Runtime.getRuntime();
        return new InstanceCommands.GatewayUsage(
                cpuPercent(),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory(),
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private Optional<Double> cpuPercent() {
        long now = time.nanos();
        long apart = now - then;
        if (cpuThen >= 0 && apart < LEAST_NANOS) {
            return percent;
        }
        long cpu = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : -1;
        percent = cpuThen < 0 || cpu < cpuThen || apart > MOST_NANOS
                ? Optional.empty()
                : Optional.of(Math.round((cpu - cpuThen) * 10_000.0 / apart) / 100.0);
        cpuThen = cpu;
        then = now;
        return percent;
    }
}
