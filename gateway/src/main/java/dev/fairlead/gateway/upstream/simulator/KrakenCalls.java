package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.upstream.kraken.KrakenSignature;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kraken's private calls: the socket's token, orders, balances. Refusals have status 200. On the simulator's event loop
 * only.
 */
final class KrakenCalls {
    private static final String PATH = "/0/private/";
    private static final Pattern NONCE = Pattern.compile("(?:^|&)nonce=(\\d{1,20})(?:&|$)");

    /** A result that is a refusal. */
    private static final String ERROR = "error";

    private static final Map<Fault, String> REFUSALS = refusals();

    private final RestGate gate;
    private final Faults faults;
    private final Counters counters;
    private final IssuedTokens tokens;
    private final SimulatedKrakenOrders orders;
    private BigInteger lastNonce = BigInteger.ZERO;

    KrakenCalls(RestGate gate, Faults faults, Counters counters, IssuedTokens tokens, SimulatedKrakenOrders orders) {
        this.gate = gate;
        this.faults = faults;
        this.counters = counters;
        this.tokens = tokens;
        this.orders = orders;
    }

    void mount(Router router) {
        mount(router, "GetWebSocketsToken", "kraken_token", context -> FrameCodec.object()
                .put("token", tokens.issue())
                .put("expires", tokens.life().toSeconds()));
        mount(router, "OpenOrders", "kraken_open_orders", context -> list(context, true));
        mount(router, "ClosedOrders", "kraken_closed_orders", context -> list(context, false));
        mount(
                router,
                "QueryOrders",
                "kraken_query_orders",
                context -> orders.byId(List.of(field(context, "txid").split(","))));
        mount(router, "Balance", "kraken_balance", context -> orders.balances());
        mount(router, "BalanceEx", "kraken_balance", context -> held(orders.balances()));
        mount(router, "OpenPositions", "kraken_open_positions", context -> FrameCodec.object());
        mount(router, "AddOrder", "kraken_add_order", this::add);
        mount(
                router,
                "CancelOrder",
                "kraken_cancel_order",
                context -> working(context, "txid", id -> {
                    orders.cancel(id);
                    return FrameCodec.object().put("count", 1);
                }));
        mount(
                router,
                "AmendOrder",
                "kraken_amend_order",
                context -> working(context, "txid", id -> {
                    orders.amend(id, amended(context, "order_qty", "limit_price"));
                    return FrameCodec.object().put("amend_id", 'T' + id);
                }));
        mount(
                router,
                "EditOrder",
                "kraken_edit_order",
                context -> working(context, "txid", id -> {
                    orders.amend(id, amended(context, "volume", "price"));
                    return FrameCodec.object()
                            .put("status", "ok")
                            .put("txid", id)
                            .put("originaltxid", id);
                }));
    }

    /** What any other call is told. */
    void mountLast(Router router) {
        router.route("/0/*")
                .last()
                .handler(context -> gate.pass("kraken_unknown_call", context, () -> {
                    ObjectNode answer = FrameCodec.object();
                    answer.putArray("error").add("EGeneral:Unknown method");
                    RestGate.json(context, 200, answer);
                }));
    }

    private void mount(Router router, String name, String counted, Function<RoutingContext, ObjectNode> call) {
        router.post(PATH + name)
                .handler(context -> gate.pass(counted, context, () -> {
                    Optional<String> refusal = refusal(context);
                    ObjectNode answer = FrameCodec.object();
                    if (refusal.isPresent()) {
                        counters.count("kraken_refused");
                        answer.putArray("error").add(refusal.get());
                    } else {
                        ObjectNode result = call.apply(context);
                        answer.putArray("error");
                        if (result.has(ERROR)) {
                            answer.withArray("error").add(result.get(ERROR));
                        } else {
                            answer.set("result", result);
                        }
                    }
                    RestGate.json(context, 200, answer);
                }));
    }

    private static ObjectNode held(ObjectNode balances) {
        ObjectNode held = FrameCodec.object();
        balances.properties().forEach(one -> held.putObject(one.getKey())
                .put("balance", one.getValue().asText())
                .put("hold_trade", "0"));
        return held;
    }

    /** A pair is called {@code XBTUSD} here and {@code BTC/USD} on the socket. */
    private ObjectNode add(RoutingContext context) {
        String pair = KrakenPublicCalls.symbol(field(context, "pair"));
        if (pair.isEmpty() || !field(context, "volume").matches("\\d+(\\.\\d+)?")) {
            return FrameCodec.object().put(ERROR, "EGeneral:Invalid arguments");
        }
        ObjectNode params = FrameCodec.object()
                .put("symbol", pair)
                .put("side", field(context, "type"))
                .put("order_type", field(context, "ordertype"))
                .put("order_qty", new BigDecimal(field(context, "volume")))
                .put("cl_ord_id", field(context, "cl_ord_id"));
        if (!field(context, "price").isEmpty()) {
            params.put("limit_price", new BigDecimal(field(context, "price")));
        }
        ObjectNode result = FrameCodec.object();
        if (field(context, "validate").equalsIgnoreCase("true")) {
            result.putObject("descr").put("order", described(context));
            return result;
        }
        String id = orders.place(params);
        orders.tellNew(id);
        result.putObject("descr").put("order", described(context));
        result.putArray("txid").add(id);
        return result;
    }

    /** {@code buy 0.01 XBTUSD @ limit 10000}: clients read it word by word. */
    private static String described(RoutingContext context) {
        return field(context, "type") + ' ' + field(context, "volume") + ' '
                + KrakenPublicCalls.altname(field(context, "pair")) + " @ " + field(context, "ordertype")
                + (field(context, "price").isEmpty() ? "" : ' ' + field(context, "price"));
    }

    private ObjectNode working(RoutingContext context, String field, Function<String, ObjectNode> with) {
        String name = field(context, field).isEmpty() ? field(context, "cl_ord_id") : field(context, field);
        return orders.working(name).map(with).orElseGet(() -> FrameCodec.object()
                .put(ERROR, "EOrder:Unknown order"));
    }

    private static ObjectNode amended(RoutingContext context, String quantity, String price) {
        ObjectNode params = FrameCodec.object();
        if (!field(context, quantity).isEmpty()) {
            params.put("order_qty", new BigDecimal(field(context, quantity)));
        }
        if (!field(context, price).isEmpty()) {
            params.put("limit_price", new BigDecimal(field(context, price)));
        }
        return params;
    }

    private ObjectNode list(RoutingContext context, boolean open) {
        ObjectNode result = FrameCodec.object();
        ObjectNode listed = orders.list(open, field(context, "cl_ord_id"));
        result.set(open ? "open" : "closed", listed);
        return open ? result : result.put("count", listed.size());
    }

    private static String field(RoutingContext context, String name) {
        return Optional.ofNullable(context.request().getFormAttribute(name)).orElse("");
    }

    private Optional<String> refusal(RoutingContext context) {
        for (Map.Entry<Fault, String> refusal : REFUSALS.entrySet()) {
            if (faults.happens(refusal.getKey())) {
                return Optional.of(refusal.getValue());
            }
        }
        Buffer buffer = context.body().buffer();
        String body = buffer == null ? "" : buffer.toString(StandardCharsets.UTF_8);
        Matcher nonce = NONCE.matcher(body);
        String key = Optional.ofNullable(context.request().getHeader("API-Key")).orElse("");
        String given =
                Optional.ofNullable(context.request().getHeader("API-Sign")).orElse("");
        if (!key.equals(SimulatedAccount.KRAKEN_KEY)) {
            return Optional.of("EAPI:Invalid key");
        }
        if (!nonce.find()) {
            return Optional.of("EAPI:Invalid nonce");
        }
        String expected = KrakenSignature.of(
                SimulatedAccount.KRAKEN_SECRET, context.request().path(), nonce.group(1), body);
        if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
            return Optional.of("EAPI:Invalid signature");
        }
        BigInteger number = new BigInteger(nonce.group(1));
        if (number.compareTo(lastNonce) <= 0 || number.bitLength() > Long.SIZE) {
            counters.count("violation.nonce");
            return Optional.of("EAPI:Invalid nonce");
        }
        lastNonce = number;
        return Optional.empty();
    }

    private static Map<Fault, String> refusals() {
        Map<Fault, String> all = new LinkedHashMap<>();
        all.put(Fault.KRAKEN_INVALID_KEY, "EAPI:Invalid key");
        all.put(Fault.KRAKEN_INVALID_SIGNATURE, "EAPI:Invalid signature");
        all.put(Fault.KRAKEN_INVALID_NONCE, "EAPI:Invalid nonce");
        all.put(Fault.KRAKEN_PERMISSION_DENIED, "EGeneral:Permission denied");
        all.put(Fault.KRAKEN_LOCKOUT, "EGeneral:Temporary lockout");
        all.put(Fault.KRAKEN_RATE_LIMIT, "EAPI:Rate limit exceeded");
        all.put(Fault.KRAKEN_UNAVAILABLE, "EService:Unavailable");
        all.put(Fault.KRAKEN_THROTTLED, "EService:Throttled: 1700000000");
        return all;
    }
}
