package dev.fairlead.gateway.instances;

import java.time.Instant;
import java.util.Optional;

/**
 * What the process tree of an instance uses at one moment, or, of a minute, its mean processor time and the most of all
 * else.
 *
 * @param cpuPercent of one core since the sample before; absent in the first one of a process
 * @param memoryBytes resident; pages that processes share count for each of them
 * @param openFiles absent where the gateway may not know: of another account's processes
 * @param logBytes on the disk, rotated files included
 */
public record Usage(
        Instant at,
        Optional<Double> cpuPercent,
        long memoryBytes,
        Optional<Integer> openFiles,
        int threads,
        int processes,
        long logBytes) {}
