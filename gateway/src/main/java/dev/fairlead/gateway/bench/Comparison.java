package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * The gateway and the bare server at the same work, by turns.
 *
 * @param work what was measured, for people
 * @param gateway a sample a round
 * @param bare a sample a round, taken right after the gateway's
 */
public record Comparison(String work, List<Sample> gateway, List<Sample> bare) {
    /** Until the compilers have seen it all. */
    private static final int WARM_UPS = 3;

    /** Warms both up, then measures them in turns. */
    static Comparison run(String work, Load gateway, Load bare, BenchPlan plan) {
        for (int i = 0; i < WARM_UPS; i++) {
            gateway.round(plan.round());
            bare.round(plan.round());
        }
        List<Sample> ours = new ArrayList<>();
        List<Sample> theirs = new ArrayList<>();
        for (int i = 0; i < plan.rounds(); i++) {
            ours.add(gateway.round(plan.round()));
            theirs.add(bare.round(plan.round()));
        }
        return new Comparison(work, ours, theirs);
    }

    /** The median of the rounds' ratios, gateway to bare; above 1 the gateway does more. */
    public double ratio() {
        return median(ratios());
    }

    /** The median of the rounds' ratios of the 99th percentiles; below 1 the gateway is quicker. */
    public double p99Ratio() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < gateway.size(); i++) {
            ratios.add((double) gateway.get(i).latencies().getValueAtPercentile(99)
                    / bare.get(i).latencies().getValueAtPercentile(99));
        }
        return median(ratios);
    }

    /** Cells of a row: work, per second, bare per second, ratio (least to most), p50, p99, p999, bare p99. */
    public List<String> cells() {
        List<Double> ratios = ratios();
        return List.of(
                work,
                thousands(median(gateway, Sample::perSecond)),
                thousands(median(bare, Sample::perSecond)),
                String.format("%.2f", median(ratios)),
                String.format(
                        "%.2f-%.2f",
                        ratios.stream().mapToDouble(r -> r).min().orElse(0),
                        ratios.stream().mapToDouble(r -> r).max().orElse(0)),
                micros(gateway, 50),
                micros(gateway, 99),
                micros(gateway, 99.9),
                micros(bare, 99));
    }

    public static List<String> headings() {
        return List.of("WORK", "PER S", "BARE", "RATIO", "RANGE", "P50 US", "P99 US", "P999 US", "BARE P99");
    }

    /** Everything, each round included. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object().put("work", work).put("ratio", ratio());
        row.put("p99_ratio", p99Ratio());
        row.set("gateway", json(gateway));
        row.set("bare", json(bare));
        return row;
    }

    static JsonNode json(List<Sample> samples) {
        ObjectNode side = FrameCodec.object().put("per_second", median(samples, Sample::perSecond));
        Histogram all = merged(samples);
        side.put("p50_us", all.getValueAtPercentile(50) / 1e3);
        side.put("p99_us", all.getValueAtPercentile(99) / 1e3);
        side.put("p999_us", all.getValueAtPercentile(99.9) / 1e3);
        ArrayNode rounds = side.putArray("rounds");
        samples.forEach(sample -> rounds.add(sample.perSecond()));
        return side;
    }

    private List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < gateway.size(); i++) {
            ratios.add(gateway.get(i).perSecond() / bare.get(i).perSecond());
        }
        return ratios;
    }

    static double median(List<Sample> samples, ToDoubleFunction<Sample> of) {
        return median(samples.stream().map(of::applyAsDouble).toList());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static Histogram merged(List<Sample> samples) {
        Histogram all = Sample.histogram();
        samples.forEach(sample -> all.add(sample.latencies()));
        return all;
    }

    private static String micros(List<Sample> samples, double percentile) {
        return String.format("%,.0f", merged(samples).getValueAtPercentile(percentile) / 1e3);
    }

    private static String thousands(double perSecond) {
        return String.format("%.1f k", perSecond / 1e3);
    }
}
