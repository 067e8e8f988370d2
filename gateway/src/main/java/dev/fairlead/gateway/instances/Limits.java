package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.settings.ByteSize;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Optional;

/**
 * What all processes of an instance together may use at most.
 *
 * @param memoryMax bytes; past them the system ends one of the processes
 * @param cpuMax thousandths of a core, on average over a tenth of a second
 */
record Limits(Optional<Long> memoryMax, Optional<Integer> cpuMax) {
    static final Limits NONE = new Limits(Optional.empty(), Optional.empty());

    /** Below this no program comes up at all. */
    private static final long LEAST_MEMORY = 1L << 20;

    private static final int LEAST_CPU = 10;
    private static final int MOST_CPU = 1_000_000;
    private static final double THOUSANDTHS = 1_000;

    boolean isNone() {
        return memoryMax.isEmpty() && cpuMax.isEmpty();
    }

    /**
     * These, with what is wanted in their place.
     *
     * @param memory such as {@code 512MiB}; empty text for no limit
     * @param cores 0 for no limit
     * @throws FairleadException {@code bad_request}
     */
    Limits changed(Optional<String> memory, Optional<Double> cores) {
        return new Limits(
                memory.isPresent() ? memory.filter(text -> !text.isEmpty()).map(Limits::bytes) : memoryMax,
                cores.isPresent() ? cores.filter(number -> number != 0).map(Limits::thousandths) : cpuMax);
    }

    /** As REST has it. */
    Optional<String> memoryText() {
        return memoryMax.map(bytes -> new ByteSize(bytes).toString());
    }

    /** As REST has it: cores. */
    Optional<Double> cores() {
        return cpuMax.map(thousandths -> thousandths / THOUSANDTHS);
    }

    private static long bytes(String text) {
        try {
            long bytes = ByteSize.parse(text).bytes();
            if (bytes >= LEAST_MEMORY) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // refused below, like one that is too small
        }
        throw new FairleadException(
                ErrorCode.BAD_REQUEST, "Field 'memory_max' is a size from 1MiB to 1024GiB, such as 512MiB");
    }

    private static int thousandths(double cores) {
        long thousandths = Math.round(cores * THOUSANDTHS);
        if (thousandths < LEAST_CPU || thousandths > MOST_CPU) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Field 'cpu_max' is a number of cores from 0.01 to 1000, such as 0.5");
        }
        return (int) thousandths;
    }
}
