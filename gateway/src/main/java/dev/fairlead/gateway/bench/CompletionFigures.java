package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;

/**
 * How long a piece of an answer takes from the model to the client of {@code /v1/chat/completions}, and to that of
 * {@code /ws/chat} of the same gateway; a bare proxy says what of it is the gateway's doing.
 *
 * @param streams that are answered at the same time
 * @param piecesASecond in each stream
 * @param completions a sample a round
 * @param chats a sample a round, taken right after that
 * @param bare a sample a round, taken right after both
 * @param completionsCpu share of one core
 * @param chatsCpu share of one core
 */
public record CompletionFigures(
        int streams,
        int piecesASecond,
        List<Sample> completions,
        List<Sample> chats,
        List<Sample> bare,
        double completionsCpu,
        double chatsCpu) {

    public CompletionFigures {
        completions = List.copyOf(completions);
        chats = List.copyOf(chats);
        bare = List.copyOf(bare);
    }

    public static List<String> headings() {
        return List.of(
                "STREAMS",
                "PIECES/S",
                "ADDED P50",
                "ADDED P99",
                "CHAT ADDED P50",
                "CHAT ADDED P99",
                "P50 RATIO",
                "CPU %",
                "CHAT CPU");
    }

    /** What completions add to the bare proxy, in shares of what chats add: 1 where both add the same. */
    public double addedRatio(double percentile) {
        return added(completions, percentile) / added(chats, percentile);
    }

    /** Cells of a row. */
    public List<String> cells() {
        return List.of(
                Integer.toString(streams),
                Integer.toString(streams * piecesASecond),
                Comparison.decimal(added(completions, 50)),
                Comparison.decimal(added(completions, 99)),
                Comparison.decimal(added(chats, 50)),
                Comparison.decimal(added(chats, 99)),
                Comparison.decimal(addedRatio(50)),
                Comparison.decimal(completionsCpu * 100),
                Comparison.decimal(chatsCpu * 100));
    }

    /** Everything. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object()
                .put("streams", streams)
                .put("pieces_a_second", streams * piecesASecond)
                .put("completions_added_p50_ms", added(completions, 50))
                .put("completions_added_p99_ms", added(completions, 99))
                .put("chat_added_p50_ms", added(chats, 50))
                .put("chat_added_p99_ms", added(chats, 99))
                .put("added_p50_ratio", addedRatio(50))
                .put("added_p99_ratio", addedRatio(99))
                .put("completions_cpu", completionsCpu)
                .put("chat_cpu", chatsCpu);
        row.set("completions", Comparison.json(completions));
        row.set("chat", Comparison.json(chats));
        row.set("bare", Comparison.json(bare));
        return row;
    }

    /** Milliseconds beyond what the proxy takes: the median over the rounds. */
    private double added(List<Sample> samples, double percentile) {
        return Comparison.addedMillis(samples, bare, percentile);
    }
}
