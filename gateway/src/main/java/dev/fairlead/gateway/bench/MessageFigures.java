package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Durable messages, measured by turns with single commits on the same database, or with the gateway of another build.
 *
 * @param database {@code h2} or {@code postgresql}
 * @param work {@code accept} or {@code round_trip}
 * @param senders each with one message under way
 * @param compared the single commits or the other build are the peer
 */
public record MessageFigures(String database, String work, int senders, Comparison compared) {

    public static List<String> headings() {
        return List.of(
                "DATABASE", "WORK", "SENDERS", "PER S", "P50 MS", "P99 MS", "PEER/S", "PEER P50", "PEER P99", "RATIO");
    }

    /** Cells of a row. */
    public List<String> cells() {
        return List.of(
                database,
                work,
                Integer.toString(senders),
                perSecond(compared.gateway()),
                millis(compared.gateway(), 50),
                millis(compared.gateway(), 99),
                perSecond(compared.peer()),
                millis(compared.peer(), 50),
                millis(compared.peer(), 99),
                String.format(Locale.ROOT, "%.2f", compared.ratio()));
    }

    /** Everything, each round included. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object()
                .put("database", database)
                .put("work", work)
                .put("senders", senders)
                .put("ratio", compared.ratio());
        row.set("gateway", Comparison.json(compared.gateway()));
        row.set(compared.peerName(), Comparison.json(compared.peer()));
        return row;
    }

    private static String perSecond(List<Sample> samples) {
        return String.format(Locale.ROOT, "%.0f", Comparison.median(samples, Sample::perSecond));
    }

    private static String millis(List<Sample> samples, double percentile) {
        Histogram all = Comparison.merged(samples);
        return String.format(Locale.ROOT, "%.2f", all.getValueAtPercentile(percentile) / 1e6);
    }
}
