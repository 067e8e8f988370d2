package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * The gateway and a peer at the same work, by turns.
 *
 * @param work what was measured, for people
 * @param gateway a sample a round
 * @param peer a sample a round, taken right after the gateway's
 * @param peerName what the peer is, one word: {@code bare}, {@code single_commits}, or {@code against} for another
 *     build
 */
public record Comparison(String work, List<Sample> gateway, List<Sample> peer, String peerName) {
    /** Warms both up, then measures them in turns. */
    static Comparison run(String work, Load gateway, Load peer, String peerName, BenchPlan plan) {
        for (int i = 0; i < plan.warmUps(); i++) {
            gateway.round(plan.round());
            peer.round(plan.round());
        }
        List<Sample> ours = new ArrayList<>();
        List<Sample> theirs = new ArrayList<>();
        for (int i = 0; i < plan.rounds(); i++) {
            ours.add(gateway.round(plan.round()));
            theirs.add(peer.round(plan.round()));
        }
        return new Comparison(work, ours, theirs, peerName);
    }

    /** The median of the rounds' ratios, gateway to peer; above 1 the gateway does more. */
    public double ratio() {
        return median(ratios());
    }

    /** The median of the rounds' ratios of the 99th percentiles; below 1 the gateway is quicker. */
    public double p99Ratio() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < gateway.size(); i++) {
            ratios.add((double) gateway.get(i).latencies().getValueAtPercentile(99)
                    / peer.get(i).latencies().getValueAtPercentile(99));
        }
        return median(ratios);
    }

    /** Cells of a row: work, per second, the peer's, ratio (least to most), p50, p99, p999, the peer's p99. */
    public List<String> cells() {
        List<Double> ratios = ratios();
        return List.of(
                work,
                thousands(median(gateway, Sample::perSecond)),
                thousands(median(peer, Sample::perSecond)),
                String.format("%.2f", median(ratios)),
                String.format(
                        "%.2f-%.2f",
                        ratios.stream().mapToDouble(r -> r).min().orElse(0),
                        ratios.stream().mapToDouble(r -> r).max().orElse(0)),
                micros(gateway, 50),
                micros(gateway, 99),
                micros(gateway, 99.9),
                micros(peer, 99));
    }

    public static List<String> headings() {
        return List.of("WORK", "PER S", "PEER", "RATIO", "RANGE", "P50 US", "P99 US", "P999 US", "PEER P99");
    }

    /** Everything, each round included. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object().put("work", work).put("ratio", ratio());
        row.put("p99_ratio", p99Ratio());
        row.set("gateway", json(gateway));
        row.set(peerName, json(peer));
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
            ratios.add(gateway.get(i).perSecond() / peer.get(i).perSecond());
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

    /** Milliseconds that one takes beyond another at a percentile: the median over the rounds. */
    static double addedMillis(List<Sample> samples, List<Sample> others, double percentile) {
        List<Double> added = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            added.add((samples.get(i).latencies().getValueAtPercentile(percentile)
                            - others.get(i).latencies().getValueAtPercentile(percentile))
                    / 1e6);
        }
        return median(added);
    }

    /** As a cell of a row. */
    static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
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
