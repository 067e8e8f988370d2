package dev.fairlead.gateway.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * For how long the machine has slept (a closed lid, a suspended virtual machine), in which the monotonic clock stands
 * still: Linux counts its uptime through it. Safe for use by several threads.
 */
public final class SleepClock {
    private static final Path UPTIME = Path.of("/proc/uptime");

    private record Reading(Duration uptime, long nanos) {}

    private Optional<Reading> last;

    private SleepClock(Optional<Reading> last) {
        this.last = last;
    }

    /** From now on. */
    public static SleepClock ofThisMachine() {
        return new SleepClock(read());
    }

    /** What it slept since the last call; empty where the system does not tell. Blocks for a moment. */
    public synchronized Optional<Duration> slept() {
        Optional<Reading> now = read();
        Optional<Duration> slept = last.flatMap(before ->
                now.map(read -> read.uptime().minus(before.uptime()).minusNanos(read.nanos() - before.nanos())));
        last = now;
        return slept;
    }

    private static Optional<Reading> read() {
        try {
            String seconds = Files.readString(UPTIME).split(" ", 2)[0];
            return Optional.of(new Reading(
                    Duration.ofMillis(Math.round(1_000 * Double.parseDouble(seconds))),
                    TimeSource.system().nanos()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
