package dev.fairlead.gateway.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What memory a gateway may take: by the launcher it has a budget, by {@code java -jar} what Java thinks fit for a
 * machine that has nothing else to do.
 */
final class MemoryCheck {
    private static final String SUBJECT = "memory";
    private static final long MIB = 1L << 20;

    /**
     * As the launcher gives it to Java, which takes a quarter of the machine or its container, and no more than that.
     */
    static final String BUDGET = "-XX:ErgoHeapSizeLimit=1g -XX:InitialHeapSize=64m -XX:MaxDirectMemorySize=512m";

    private static final long MOST_HEAP = 1024 * MIB;
    private static final long BESIDE = 512 * MIB;
    private static final int SHARE = 4;

    /** Less than a gateway without anybody needs and some hundred agents on top. */
    private static final long LEAST_HEAP = 128 * MIB;

    private MemoryCheck() {}

    static Finding run() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? of(machine.getTotalMemorySize())
                : Finding.warning(SUBJECT, "this Java does not say how much there is", "give the gateway " + BUDGET);
    }

    /** @param machine bytes it has, or those its container may use */
    static Finding of(long machine) {
        long plain = machine / SHARE;
        long heap = Math.min(plain, MOST_HEAP);
        String budget = "of " + shown(machine) + " the launcher gives a gateway a heap of at most " + shown(heap)
                + " and " + shown(BESIDE) + " beside it";
        if (heap < LEAST_HEAP) {
            return Finding.warning(
                    SUBJECT, budget, "give the machine, or its container, at least " + shown(LEAST_HEAP * SHARE));
        }
        return Finding.good(
                SUBJECT,
                plain <= heap
                        ? budget
                        : budget + "; java -jar takes " + shown(plain) + " and as much beside it, unless it is given "
                                + BUDGET);
    }

    private static String shown(long bytes) {
        return bytes / MIB + " MiB";
    }
}
