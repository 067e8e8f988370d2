package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Processor time by stage; together it is all that the process used but for the measuring itself.
 *
 * @param nanos of each stage; one that is not there took none
 * @param samples of event loops that did something: the error of a stage's share is about one by the root of its own
 */
record StageTimes(Map<MessageStage, Double> nanos, long samples) {
    private static final String SAMPLES = "samples";

    /**
     * What a thread used while it was looked at.
     *
     * @param cpuNanos as the system counts them
     * @param found how often it was found at what; the time is shared out by that, and where it was found at nothing,
     *     it is {@code otherwise}'s
     */
    record ThreadTime(long cpuNanos, Map<MessageStage, Integer> found, MessageStage otherwise) {
        int samples() {
            return found.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** @param processNanos what is no thread's is the virtual machine's own: {@link MessageStage#OTHER} */
    static StageTimes of(List<ThreadTime> threads, long processNanos) {
        Map<MessageStage, Double> nanos = new EnumMap<>(MessageStage.class);
        long known = 0;
        long samples = 0;
        for (ThreadTime thread : threads) {
            known += thread.cpuNanos();
            int all = thread.samples();
            samples += all;
            if (all == 0) {
                nanos.merge(thread.otherwise(), (double) thread.cpuNanos(), Double::sum);
            } else {
                thread.found()
                        .forEach((stage, count) ->
                                nanos.merge(stage, (double) thread.cpuNanos() * count / all, Double::sum));
            }
        }
        nanos.merge(MessageStage.OTHER, (double) Math.max(0, processNanos - known), Double::sum);
        return new StageTimes(nanos, samples);
    }

    double nanos(MessageStage stage) {
        return nanos.getOrDefault(stage, 0.0);
    }

    double total() {
        return nanos.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** As it goes over the line to the load. */
    String line() {
        ObjectNode all = FrameCodec.object().put(SAMPLES, samples);
        nanos.forEach((stage, used) -> all.put(stage.wire(), used));
        return all.toString();
    }

    static StageTimes parse(String line) {
        JsonNode all = FrameCodec.tree(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new StageTimes(
                Arrays.stream(MessageStage.values())
                        .collect(Collectors.toMap(
                                stage -> stage,
                                stage -> all.path(stage.wire()).asDouble(),
                                Double::sum,
                                () -> new EnumMap<>(MessageStage.class))),
                all.path(SAMPLES).asLong());
    }
}
