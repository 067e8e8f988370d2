package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How long a piece of an answer takes from the model to the client, through the gateway and through its peer: a bare
 * proxy, or the gateway of another build.
 *
 * @param sessions that are answered at the same time
 * @param piecesASecond in each session
 * @param compared latencies of each piece
 * @param gatewayCpu share of one core
 * @param peerCpu share of one core
 */
public record ChatFigures(int sessions, int piecesASecond, Comparison compared, double gatewayCpu, double peerCpu) {

    public static List<String> headings() {
        return List.of(
                "SESSIONS",
                "PIECES/S",
                "P50 MS",
                "P99 MS",
                "PEER P50",
                "PEER P99",
                "ADDED P50",
                "ADDED P99",
                "CPU %",
                "PEER CPU");
    }

    /** Milliseconds that the gateway adds to what the peer takes: the median over the rounds. */
    public double addedMillis(double percentile) {
        return Comparison.addedMillis(compared.gateway(), compared.peer(), percentile);
    }

    /** Cells of a row. */
    public List<String> cells() {
        Histogram ours = Comparison.merged(compared.gateway());
        Histogram theirs = Comparison.merged(compared.peer());
        return List.of(
                Integer.toString(sessions),
                Integer.toString(sessions * piecesASecond),
                Comparison.decimal(ours.getValueAtPercentile(50) / 1e6),
                Comparison.decimal(ours.getValueAtPercentile(99) / 1e6),
                Comparison.decimal(theirs.getValueAtPercentile(50) / 1e6),
                Comparison.decimal(theirs.getValueAtPercentile(99) / 1e6),
                Comparison.decimal(addedMillis(50)),
                Comparison.decimal(addedMillis(99)),
                Comparison.decimal(gatewayCpu * 100),
                Comparison.decimal(peerCpu * 100));
    }

    /** Everything. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object()
                .put("sessions", sessions)
                .put("pieces_a_second", sessions * piecesASecond)
                .put("added_p50_ms", addedMillis(50))
                .put("added_p99_ms", addedMillis(99))
                .put("gateway_cpu", gatewayCpu)
                .put(compared.peerName() + "_cpu", peerCpu);
        row.set("gateway", Comparison.json(compared.gateway()));
        row.set(compared.peerName(), Comparison.json(compared.peer()));
        return row;
    }
}
