package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** Puts into words what the market and the orders say. */
final class MarketWords {
    private MarketWords() {}

    static String quotes(JsonNode output) {
        List<JsonNode> all = Words.list(output.path("quotes"));
        return all.isEmpty()
                ? "There are no quotes for that."
                : all.stream().map(MarketWords::quote).collect(Collectors.joining("\n"));
    }

    static String orders(JsonNode output) {
        List<JsonNode> all = Words.list(output.path("orders"));
        return all.isEmpty()
                ? "There are no orders."
                : all.stream().map(MarketWords::order).collect(Collectors.joining("\n"));
    }

    static String confirmed(JsonNode order) {
        return "Order " + order.path("order_id").asText() + " is "
                + order.path("status").asText() + " now.";
    }

    private static String quote(JsonNode quote) {
        return quote.path("symbol").asText() + ": bid " + quote.path("bid").asText("–") + ", ask "
                + quote.path("ask").asText("–")
                + (quote.hasNonNull("age_ms") ? ", " + quote.path("age_ms").asLong() + " ms old" : "")
                + (quote.hasNonNull("source") ? " (" + quote.path("source").asText() + ")" : "");
    }

    private static String order(JsonNode order) {
        return "- " + order.path("order_id").asText() + ": "
                + order.path("side").asText() + " "
                + order.path("quantity").asText() + " " + order.path("symbol").asText() + ", "
                + order.path("status").asText()
                + (order.path("status").asText().equals("needs_confirmation")
                        ? " – /confirm " + order.path("order_id").asText()
                        : "");
    }
}
