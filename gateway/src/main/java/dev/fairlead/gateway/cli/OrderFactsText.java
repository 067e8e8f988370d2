package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The facts of an order in words, for who is to decide on it. */
final class OrderFactsText {
    private OrderFactsText() {}

    /** @param order with its {@code facts}; without them there is nothing to say */
    static List<String> of(JsonNode order) {
        JsonNode facts = order.path("facts");
        List<String> lines = new ArrayList<>();
        if (!facts.isObject()) {
            return lines;
        }
        JsonNode next = order.path("replacement");
        if (next.isObject()) {
            lines.add("to become " + next.path("quantity").asText() + " at "
                    + next.path("limit_price").asText("the market"));
        }
        lines.add("asked for " + age(facts.path("age_ms").asLong()) + " ago"
                + (facts.has("expires_at")
                        ? ", expires at " + facts.path("expires_at").asText()
                        : ""));
        JsonNode quote = facts.path("quote");
        lines.add(
                quote.isObject()
                        ? "quote now: bid " + quote.path("bid").asText("-") + ", ask "
                                + quote.path("ask").asText("-") + " ("
                                + quote.path("source").asText() + ", "
                                + age(quote.path("age_ms").asLong()) + " old)"
                        : "there is no quote now");
        if (facts.has("distance")) {
            boolean reached = facts.path("distance").decimalValue().signum() <= 0;
            lines.add((reached ? "the market is at the limit: " : "the market is away from the limit: ")
                    + facts.path("distance").asText() + " ("
                    + facts.path("distance_percent").asText("-") + " %)");
        }
        if (facts.has("cost")) {
            boolean buys = order.path("side").asText().startsWith("buy");
            lines.add((buys ? "costs " : "brings ") + facts.path("cost").asText() + ", fees unknown");
        }
        lines.addAll(today(facts.path("today")));
        return lines;
    }

    private static List<String> today(JsonNode today) {
        List<String> left = new ArrayList<>();
        if (today.has("orders")) {
            left.add(today.path("orders").asText() + " orders");
        }
        if (today.has("submitter_notional")) {
            left.add("a notional of " + today.path("submitter_notional").asText() + " of its own");
        }
        if (today.has("notional")) {
            left.add("a notional of " + today.path("notional").asText() + " in all");
        }
        return left.isEmpty() ? List.of() : List.of("left today (UTC) without it: " + String.join(", ", left));
    }

    private static String age(long millis) {
        Duration age = Duration.ofMillis(millis);
        if (age.toMinutes() >= 1) {
            return age.toMinutes() + " min";
        }
        return age.toSeconds() >= 1 ? age.toSeconds() + " s" : millis + " ms";
    }
}
