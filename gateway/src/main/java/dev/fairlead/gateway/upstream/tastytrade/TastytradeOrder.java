package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.upstream.Brokerage.Standing;
import dev.fairlead.gateway.upstream.Brokerage.State;
import dev.fairlead.gateway.upstream.Brokerage.Ticket;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import dev.fairlead.protocol.FrameCodec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/** How tastytrade writes an order, its status and what is wrong with it. */
final class TastytradeOrder {
    private TastytradeOrder() {}

    static ObjectNode body(Ticket ticket) {
        Instrument instrument = Instrument.of(ticket.symbol());
        ObjectNode order = FrameCodec.object()
                .put("time-in-force", "Day")
                .put("order-type", ticket.limitPrice().isPresent() ? "Limit" : "Market");
        ticket.limitPrice().ifPresent(price -> order.put("price", price.toPlainString())
                .put("price-effect", ticket.side().buys() ? "Debit" : "Credit"));
        order.put("source", UpstreamHttp.USER_AGENT)
                .put("external-identifier", ticket.id().toString());
        order.putArray("legs")
                .addObject()
                .put("instrument-type", instrument.wire())
                .put("symbol", ticket.symbol())
                .put("quantity", ticket.quantity())
                .put("action", action(instrument, ticket.side()));
        return order;
    }

    /** Futures know no opening and closing. */
    private static String action(Instrument instrument, Side side) {
        if (instrument == Instrument.FUTURE) {
            return side.buys() ? "Buy" : "Sell";
        }
        return switch (side) {
            case BUY, BUY_TO_OPEN -> "Buy to Open";
            case BUY_TO_CLOSE -> "Buy to Close";
            case SELL_TO_OPEN -> "Sell to Open";
            case SELL, SELL_TO_CLOSE -> "Sell to Close";
        };
    }

    static Standing standing(String status) {
        return switch (status) {
            case "Received", "Routed", "In Flight", "Contingent" -> Standing.PENDING;
            case "Filled" -> Standing.FILLED;
            case "Cancelled", "Expired", "Removed", "Partially Removed" -> Standing.CANCELLED;
            case "Rejected" -> Standing.REJECTED;
            default -> Standing.WORKING;
        };
    }

    /** All of our orders have one leg, whose fills say how much is done and at which prices. */
    static State state(JsonNode order) {
        String status = RefusalText.of(order.path("status").asText());
        BigDecimal filled = BigDecimal.ZERO;
        BigDecimal paid = BigDecimal.ZERO;
        for (JsonNode fill : order.at("/legs/0/fills")) {
            BigDecimal quantity = UpstreamNumber.of(fill.path("quantity"));
            filled = filled.add(quantity);
            paid = paid.add(quantity.multiply(UpstreamNumber.of(fill.path("fill-price"))));
        }
        return new State(
                RefusalText.of(order.path("id").asText()),
                status,
                standing(status),
                filled,
                filled.signum() > 0
                        ? Optional.of(UpstreamNumber.plain(paid.divide(filled, MathContext.DECIMAL32)))
                        : Optional.empty(),
                Optional.of(RefusalText.of(order.path("reject-reason").asText()))
                        .filter(reason -> !reason.isEmpty()));
    }

    /** What tastytrade says of the order; of a refused token it says nothing worth repeating. */
    static String explanation(UpstreamAnswer answer) {
        if (answer.status() == 401) {
            return ": the access token";
        }
        JsonNode error = answer.json().path("error");
        String reason = error.at("/errors/0/reason")
                .asText(error.at("/errors/0/message").asText());
        return colon(RefusalText.of(reason.isEmpty() ? error.path("message").asText() : reason));
    }

    static String colon(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }
}
