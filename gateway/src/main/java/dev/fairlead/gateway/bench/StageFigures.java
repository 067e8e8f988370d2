package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a message costs, sent, delivered and acknowledged, by stage: processor time in microseconds.
 *
 * @param database {@code h2} or {@code postgresql}
 * @param senders each with one message under way
 * @param rounds of it
 * @param commits of the store meanwhile
 * @param times of the gateway meanwhile
 */
public record StageFigures(String database, int senders, List<Sample> rounds, long commits, StageTimes times) {
    private static final String OUTSIDE = "outside the store";

    public static List<String> headings() {
        return List.of("SENDERS", "STAGE", "CPU US", "SHARE", "WHAT IT IS");
    }

    /** A row for each stage, and their sums. */
    public List<List<String>> cells() {
        List<List<String>> rows = new ArrayList<>();
        for (MessageStage stage : MessageStage.values()) {
            rows.add(row(stage.wire(), micros(stage), stage.meaning()));
        }
        rows.add(row(OUTSIDE, outside(), "frame_in to loop without commit"));
        rows.add(row(
                "all",
                total(),
                String.format(
                        Locale.ROOT,
                        "%.0f messages/s, p50 %.2f ms, %.1f messages a commit, %d samples",
                        Comparison.median(rounds, Sample::perSecond),
                        p50Nanos() / 1e6,
                        (double) messages() / Math.max(1, commits),
                        times.samples())));
        return rows;
    }

    /** Everything. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object()
                .put("database", database)
                .put("work", "round_trip")
                .put("senders", senders)
                .put("messages", messages())
                .put("per_second", Comparison.median(rounds, Sample::perSecond))
                .put("p50_us", p50Nanos() / 1e3)
                .put("commits", commits)
                .put("samples", times.samples())
                .put("cpu_us", total())
                .put("outside_store_us", outside());
        ObjectNode stages = row.putObject("stages");
        for (MessageStage stage : MessageStage.values()) {
            stages.put(stage.wire(), micros(stage));
        }
        return row;
    }

    private List<String> row(String stage, double micros, String meaning) {
        return List.of(
                Integer.toString(senders),
                stage,
                String.format(Locale.ROOT, "%.1f", micros),
                String.format(Locale.ROOT, "%.0f %%", 100 * micros / Math.max(1e-9, total())),
                meaning);
    }

    private double outside() {
        return Arrays.stream(MessageStage.values())
                .filter(MessageStage::isOutsideTheStore)
                .mapToDouble(this::micros)
                .sum();
    }

    private double total() {
        return perMessage(times.total());
    }

    private double micros(MessageStage stage) {
        return perMessage(times.nanos(stage));
    }

    private double perMessage(double nanos) {
        return nanos / 1e3 / Math.max(1, messages());
    }

    private long messages() {
        return rounds.stream().mapToLong(Sample::done).sum();
    }

    private long p50Nanos() {
        Histogram all = Comparison.merged(rounds);
        return all.getValueAtPercentile(50);
    }
}
