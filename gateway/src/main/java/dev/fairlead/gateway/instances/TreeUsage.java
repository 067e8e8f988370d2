package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds up what the process trees of instances use: all of a leader's session and group, and what descends from it. One
 * pass over the machine's processes for all instances. What left its session and lost its parents counts for nobody.
 */
final class TreeUsage {
    /** Entries of the auxiliary vector, see getauxval(3). */
    private static final long PAGE_SIZE = 6;

    private static final long CLOCK_TICKS = 17;

    /** A bound on ancestors, far above what a shell or a build nests. */
    private static final int MOST_KIN = 256;

    private final long pageBytes;
    private final long ticksPerSecond;

    TreeUsage(Map<Long, Long> auxiliary) {
        this.pageBytes = auxiliary.getOrDefault(PAGE_SIZE, 4_096L);
        this.ticksPerSecond = auxiliary.getOrDefault(CLOCK_TICKS, 100L);
    }

    /** As this machine counts. Blocks. */
    static TreeUsage ofThisMachine() {
        Map<Long, Long> auxiliary = new HashMap<>();
        try {
            ByteBuffer vector = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                auxiliary.put(vector.getLong(), vector.getLong());
            }
        } catch (IOException e) {
            // What nearly every Linux has, then.
        }
        return new TreeUsage(auxiliary);
    }

    /**
     * What a tree uses.
     *
     * @param cpuSeconds since its processes began, with that of children that ended
     * @param openFiles empty where none of its processes' could be counted
     */
    record Used(double cpuSeconds, long memoryBytes, Optional<Integer> openFiles, int threads, int processes) {
        private Used and(Used other) {
            return new Used(
                    cpuSeconds + other.cpuSeconds,
                    memoryBytes + other.memoryBytes,
                    openFiles.isPresent() && other.openFiles.isPresent()
                            ? Optional.of(openFiles.get() + other.openFiles.get())
                            : openFiles.or(() -> other.openFiles),
                    threads + other.threads,
                    processes + other.processes);
        }
    }

    /** Counts the open files of a process. */
    @FunctionalInterface
    interface OpenFiles {
        Optional<Integer> of(long pid);
    }

    /**
     * Adds up.
     *
     * @param processes of the machine
     * @param leaders by instance; those that do not run are left out of the answer
     */
    Map<String, Used> of(List<ProcStat> processes, Map<String, ProcessIdentity> leaders, OpenFiles files) {
        Map<Long, ProcStat> byPid = new HashMap<>();
        processes.forEach(one -> byPid.put(one.pid(), one));
        Map<Long, String> owners = new HashMap<>();
        leaders.forEach((name, leader) -> {
            ProcStat process = byPid.get(leader.pid());
            if (process != null && process.startTicks() == leader.startTicks()) {
                owners.put(leader.pid(), name);
            }
        });
        Map<String, Used> used = new HashMap<>();
        for (ProcStat one : processes) {
            owner(one, byPid, owners).ifPresent(name -> used.merge(name, used(one, files.of(one.pid())), Used::and));
        }
        return used;
    }

    private static Optional<String> owner(ProcStat process, Map<Long, ProcStat> byPid, Map<Long, String> owners) {
        ProcStat next = process;
        for (int i = 0; next != null && i < MOST_KIN; i++) {
            for (long kin : new long[] {next.pid(), next.session(), next.group()}) {
                String name = owners.get(kin);
                if (name != null) {
                    return Optional.of(name);
                }
            }
            next = byPid.get(next.parent());
        }
        return Optional.empty();
    }

    private Used used(ProcStat one, Optional<Integer> openFiles) {
        return new Used(
                (double) one.ticks() / ticksPerSecond, one.residentPages() * pageBytes, openFiles, one.threads(), 1);
    }
}
