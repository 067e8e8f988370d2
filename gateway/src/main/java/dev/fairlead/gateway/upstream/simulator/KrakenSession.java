package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One client of Kraken's socket v2, private or public. A token lives as long as the connection it was used on; after
 * that it is refused, so that one kept over a reconnect is caught. On the simulator's event loop only.
 */
final class KrakenSession {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Real ones exceed a signed long as well. */
    private static final BigInteger FIRST_CONNECTION = new BigInteger("13834774380200032777");

    private final SimulatedSocket socket;
    private final boolean isPrivate;
    private final IssuedTokens tokens;
    private final SimulatedKrakenOrders orders;
    private final Counters counters;
    private final QuoteWalk quotes;
    private final Faults faults;
    private final TimeSource time;
    private final Scheduler.Cancellable heartbeat;
    private final Consumer<ObjectNode> listener = this::execution;
    private final Set<String> tickers = new LinkedHashSet<>();
    private Optional<String> token = Optional.empty();
    private boolean executions;

    KrakenSession(
            SimulatedSocket socket,
            boolean isPrivate,
            long number,
            IssuedTokens tokens,
            SimulatedKrakenOrders orders,
            Counters counters,
            QuoteWalk quotes,
            Faults faults,
            Scheduler scheduler,
            TimeSource time) {
        this.socket = socket;
        this.isPrivate = isPrivate;
        this.tokens = tokens;
        this.orders = orders;
        this.counters = counters;
        this.quotes = quotes;
        this.faults = faults;
        this.time = time;
        this.heartbeat =
                scheduler.every(HEARTBEAT, () -> socket.send(FrameCodec.object().put("channel", "heartbeat")));
        orders.listen(listener);
        ObjectNode status = FrameCodec.object().put("channel", "status").put("type", "update");
        status.putArray("data")
                .addObject()
                .put("api_version", "v2")
                .put("connection_id", FIRST_CONNECTION.add(BigInteger.valueOf(number)))
                .put("system", "online")
                .put("version", "2.0.10");
        socket.send(status);
    }

    void received(String text) {
        socket.read(text).ifPresent(frame -> {
            switch (frame.path("method").asText()) {
                case "ping" -> socket.send(reply("pong", frame));
                case "subscribe" -> subscribe(frame);
                case "unsubscribe" -> unsubscribe(frame);
                case "add_order" -> addOrder(frame);
                case "cancel_order" -> cancelOrder(frame);
                case "amend_order", "edit_order" -> amendOrder(frame);
                default -> refuse(frame, "EGeneral:Invalid arguments");
            }
        });
    }

    /** Sends the tickers that are subscribed; a private one may be cut. */
    void tick() {
        if (isPrivate && executions && faults.happens(Fault.DROP_KRAKEN)) {
            socket.cut();
            return;
        }
        tickers.forEach(symbol -> ticker("update", symbol));
    }

    void ended() {
        heartbeat.cancel();
        orders.forget(listener);
        token.ifPresent(tokens::revoke);
    }

    private void subscribe(JsonNode frame) {
        String channel = frame.path("params").path("channel").asText();
        if (isPrivate && channel.equals("executions")) {
            if (isAuthorized(frame) && !faults.happens(Fault.KRAKEN_INVALID_SESSION)) {
                executions = true;
                counters.count("kraken_private_sessions");
                ObjectNode answer = reply("subscribe", frame).put("success", true);
                answer.putObject("result")
                        .put("channel", "executions")
                        .put(
                                "snap_orders",
                                frame.path("params").path("snap_orders").asBoolean());
                socket.send(answer);
                socket.send(executionsFrame("snapshot"));
            } else {
                refuse(frame, "ESession:Invalid session");
            }
        } else if (!isPrivate && channel.equals("ticker")) {
            for (JsonNode symbol : frame.path("params").path("symbol")) {
                if (KrakenPublicCalls.symbol(symbol.asText()).isEmpty()) {
                    socket.send(reply("subscribe", frame)
                            .put("success", false)
                            .put("symbol", symbol.asText())
                            .put("error", "Currency pair not supported " + symbol.asText()));
                    continue;
                }
                tickers.add(symbol.asText());
                ObjectNode answer = reply("subscribe", frame).put("success", true);
                answer.putObject("result").put("channel", "ticker").put("symbol", symbol.asText());
                socket.send(answer);
                ticker("snapshot", symbol.asText());
            }
        } else {
            refuse(frame, "EGeneral:Invalid arguments:channel");
        }
    }

    private void unsubscribe(JsonNode frame) {
        frame.path("params").path("symbol").forEach(symbol -> tickers.remove(symbol.asText()));
        executions &= !frame.path("params").path("channel").asText().equals("executions");
        socket.send(reply("unsubscribe", frame).put("success", true));
    }

    private void addOrder(JsonNode frame) {
        JsonNode params = frame.path("params");
        if (!isPrivate || !isAuthorized(frame)) {
            refuse(frame, "ESession:Invalid session");
            return;
        }
        if (params.path("order_qty").asDouble() <= 0
                || params.path("symbol").asText().isEmpty()) {
            refuse(frame, "EGeneral:Invalid arguments:order_qty");
            return;
        }
        String orderId = orders.place(params);
        if (!faults.happens(Fault.LOST_ORDER_REPLY)) {
            ObjectNode answer = reply("add_order", frame).put("success", true);
            answer.putObject("result")
                    .put("order_id", orderId)
                    .put("cl_ord_id", params.path("cl_ord_id").asText());
            socket.send(answer);
        }
        orders.tellNew(orderId);
    }

    private void cancelOrder(JsonNode frame) {
        List<String> names = named(frame);
        if (names.isEmpty()) {
            return;
        }
        orders.cancel(names.get(0));
        if (!faults.happens(Fault.LOST_ORDER_REPLY)) {
            ObjectNode answer = reply("cancel_order", frame).put("success", true);
            answer.putObject("result").put("order_id", names.get(0));
            socket.send(answer);
        }
    }

    private void amendOrder(JsonNode frame) {
        List<String> names = named(frame);
        if (names.isEmpty()) {
            return;
        }
        orders.amend(names.get(0), frame.path("params"));
        if (!faults.happens(Fault.LOST_ORDER_REPLY)) {
            ObjectNode answer = reply(frame.path("method").asText(), frame).put("success", true);
            answer.putObject("result").put("amend_id", "T" + names.get(0)).put("order_id", names.get(0));
            socket.send(answer);
        }
    }

    /** The working orders a request is about; where there are none, or it may not, it is refused here. */
    private List<String> named(JsonNode frame) {
        if (!isPrivate || !isAuthorized(frame)) {
            refuse(frame, "ESession:Invalid session");
            return List.of();
        }
        List<String> asked = new ArrayList<>();
        for (String field : List.of("order_id", "cl_ord_id")) {
            JsonNode names = frame.path("params").path(field);
            if (names.isTextual()) {
                asked.add(names.asText());
            }
            names.forEach(name -> asked.add(name.asText()));
        }
        List<String> working =
                asked.stream().map(orders::working).flatMap(Optional::stream).toList();
        if (working.isEmpty()) {
            refuse(frame, "EOrder:Unknown order");
        }
        return working;
    }

    /** Kraken sends what becomes of orders to who has subscribed to it. */
    private void execution(ObjectNode news) {
        if (executions && !faults.happens(Fault.LOST_EXECUTION)) {
            ObjectNode frame = executionsFrame("update");
            frame.withArray("data").add(news);
            socket.send(frame);
        }
    }

    /** A token is good for this connection once it was good on it, and only for one connection. */
    private boolean isAuthorized(JsonNode frame) {
        String given = frame.path("params").path("token").asText();
        if (token.isPresent() && token.get().equals(given)) {
            return true;
        }
        if (!tokens.isValid(given)) {
            return false;
        }
        token.ifPresent(tokens::revoke);
        token = Optional.of(given);
        return true;
    }

    private ObjectNode executionsFrame(String type) {
        ObjectNode frame = FrameCodec.object().put("channel", "executions").put("type", type);
        frame.putArray("data");
        return frame;
    }

    private void ticker(String type, String symbol) {
        QuoteWalk.Quoted quote = quotes.of(symbol);
        ObjectNode frame = FrameCodec.object().put("channel", "ticker").put("type", type);
        frame.putArray("data")
                .addObject()
                .put("symbol", symbol)
                .put("bid", quote.bidPrice())
                .put("bid_qty", quote.bidSize())
                .put("ask", quote.askPrice())
                .put("ask_qty", quote.askSize())
                .put("last", quote.askPrice());
        socket.send(frame);
    }

    private void refuse(JsonNode frame, String error) {
        socket.send(reply(frame.path("method").asText(), frame)
                .put("success", false)
                .put("error", error));
    }

    private ObjectNode reply(String method, JsonNode request) {
        String now = InstantFormat.format(time.instant());
        ObjectNode reply =
                FrameCodec.object().put("method", method).put("time_in", now).put("time_out", now);
        if (request.has("req_id")) {
            reply.set("req_id", request.get("req_id"));
        }
        return reply;
    }
}
