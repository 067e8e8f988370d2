package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders by {@code add_order} over the private socket, under {@code cl_ord_id}; found again by {@code OpenOrders} and
 * {@code ClosedOrders}, which both look for one.
 */
public final class KrakenOrders implements Brokerage {
    private static final String OPEN = "/0/private/OpenOrders";
    private static final String QUERY = "/0/private/QueryOrders";
    private static final String CLOSED = "/0/private/ClosedOrders";

    private final KrakenPrivateConnection connection;
    private final KrakenRest rest;
    private final KrakenAccount account;

    public KrakenOrders(KrakenPrivateConnection connection, KrakenRest rest) {
        this.connection = connection;
        this.rest = rest;
        this.account = new KrakenAccount(rest);
    }

    @Override
    public Future<Submission> submit(Ticket ticket) {
        ObjectNode params = FrameCodec.object()
                .put("order_type", ticket.limitPrice().isPresent() ? "limit" : "market")
                .put("side", ticket.side().buys() ? "buy" : "sell")
                .put("order_qty", ticket.quantity())
                .put("symbol", ticket.symbol())
                .put("cl_ord_id", ticket.id().toString());
        ticket.limitPrice().ifPresent(price -> params.put("limit_price", price));
        return connection.ask("add_order", params).transform(done -> {
            if (done.succeeded()) {
                return Future.succeededFuture(placed(done.result()));
            }
            boolean declined =
                    done.cause() instanceof KrakenDialogue.Refused || done.cause() instanceof KrakenDialogue.NotSent;
            return Future.succeededFuture(
                    declined
                            ? new Declined(
                                    "Kraken refuses the order: " + done.cause().getMessage())
                            : new Lost("Kraken did not answer: " + done.cause().getMessage()));
        });
    }

    @Override
    public Future<Instruction> cancel(UUID key, String upstreamId) {
        ObjectNode params = FrameCodec.object();
        params.putArray("order_id").add(upstreamId);
        return instruct("cancel_order", params, "cancellation");
    }

    /** The order keeps its ids, and its place in the book where that can be. */
    @Override
    public Future<Instruction> replace(Amendment amendment) {
        ObjectNode params = FrameCodec.object()
                .put("order_id", amendment.upstreamId())
                .put("order_qty", amendment.next().quantity());
        amendment.next().limitPrice().ifPresent(price -> params.put("limit_price", price));
        return instruct("amend_order", params, "replacement");
    }

    private Future<Instruction> instruct(String method, ObjectNode params, String what) {
        return connection.ask(method, params).transform(done -> {
            if (done.succeeded()) {
                return Future.succeededFuture(new Taken());
            }
            boolean refused =
                    done.cause() instanceof KrakenDialogue.Refused || done.cause() instanceof KrakenDialogue.NotSent;
            String why = done.cause().getMessage();
            return Future.succeededFuture(
                    refused
                            ? new Refused("Kraken refuses the " + what + ": " + why)
                            : new Unanswered("Kraken did not answer: " + why));
        });
    }

    @Override
    public Standing standing(String status) {
        return switch (status) {
            case "pending", "pending_new" -> Standing.PENDING;
            case "closed", "filled" -> Standing.FILLED;
            case "canceled", "expired" -> Standing.CANCELLED;
            default -> Standing.WORKING;
        };
    }

    /** It has the same ids as before: whether it was amended its terms tell. */
    @Override
    public Future<Optional<Successor>> successor(Amendment amendment, Instant since) {
        return query(List.of(amendment.upstreamId())).map(orders -> Optional.of(orders.path(amendment.upstreamId()))
                .filter(order -> isOn(order, amendment.next()))
                .map(order -> new Successor(amendment.key(), state(amendment.upstreamId(), order))));
    }

    private static boolean isOn(JsonNode order, Ticket terms) {
        return order.isObject()
                && UpstreamNumber.of(order.path("vol")).compareTo(terms.quantity()) == 0
                && terms.limitPrice()
                        .map(price ->
                                UpstreamNumber.of(order.at("/descr/price")).compareTo(price) == 0)
                        .orElse(true);
    }

    /** Its rate is counted by the account; what becomes of orders is told over the socket as well. */
    @Override
    public Duration lookPeriod() {
        return Duration.ofSeconds(15);
    }

    @Override
    public void onNews(Runnable told) {
        connection.onExecution(told);
    }

    @Override
    public Future<List<Optional<State>>> look(List<Sought> sought) {
        return query(sought.stream().map(Sought::upstreamId).toList()).map(orders -> sought.stream()
                .map(one -> Optional.of(orders.path(one.upstreamId()))
                        .filter(JsonNode::isObject)
                        .map(order -> state(one.upstreamId(), order)))
                .toList());
    }

    private State state(String upstreamId, JsonNode order) {
        String status = RefusalText.of(order.path("status").asText());
        BigDecimal filled = UpstreamNumber.of(order.path("vol_exec"));
        return new State(
                upstreamId,
                status,
                standing(status),
                filled,
                filled.signum() > 0 ? Optional.of(UpstreamNumber.of(order.path("price"))) : Optional.empty(),
                Optional.of(RefusalText.of(order.path("reason").asText(""))).filter(why -> !why.isEmpty()));
    }

    /** At most 50, as Kraken has it. */
    private Future<JsonNode> query(List<String> upstreamIds) {
        return account.ask(QUERY, "txid=" + String.join("%2C", upstreamIds), "its orders");
    }

    @Override
    public Future<List<Position>> positions() {
        return account.positions();
    }

    @Override
    public Future<List<Balance>> balances() {
        return account.balances();
    }

    /** Open ones first: an order that closes between the two questions is found by the second. */
    @Override
    public Future<Optional<Submission>> find(UUID id, Instant since) {
        return find(id, OPEN, "open")
                .compose(open -> open.isPresent() ? Future.succeededFuture(open) : find(id, CLOSED, "closed"));
    }

    private Future<Optional<Submission>> find(UUID id, String path, String field) {
        return rest.call(path, "cl_ord_id=" + id).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(
                        "Kraken does not answer: " + done.cause().getMessage());
            }
            UpstreamAnswer answer = done.result();
            JsonNode orders = answer.json().path("result").path(field);
            Optional<String> error = KrakenRest.error(answer);
            if (answer.status() != 200 || error.isPresent() || !orders.isObject()) {
                return Future.failedFuture("Kraken answered " + answer.status() + " to the question for its orders"
                        + error.map(text -> ": " + KrakenRest.explained(text)).orElse(""));
            }
            for (Map.Entry<String, JsonNode> order : orders.properties()) {
                if (order.getValue().path("cl_ord_id").asText().equals(id.toString())) {
                    return Future.succeededFuture(Optional.of(new Placed(
                            RefusalText.of(order.getKey()),
                            RefusalText.of(order.getValue().path("status").asText()))));
                }
            }
            return Future.succeededFuture(Optional.empty());
        });
    }

    private static Submission placed(JsonNode result) {
        return new Placed(
                RefusalText.of(result.path("order_id").asText()),
                RefusalText.of(result.path("order_status").asText("new")));
    }
}
