package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.upstream.kraken.KrakenSignature;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kraken's {@code GetWebSocketsToken}, {@code OpenOrders} and {@code ClosedOrders}; refusals have status 200. On the
 * simulator's event loop only.
 */
final class KrakenCalls {
    private static final String PATH = "/0/private/";
    private static final Pattern NONCE = Pattern.compile("(?:^|&)nonce=(\\d{1,20})(?:&|$)");
    private static final Pattern CLIENT_ID = Pattern.compile("(?:^|&)cl_ord_id=([^&]*)");
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
                        answer.putArray("error");
                        answer.set("result", call.apply(context));
                    }
                    RestGate.json(context, 200, answer);
                }));
    }

    private ObjectNode list(RoutingContext context, boolean open) {
        Matcher clientId = CLIENT_ID.matcher(context.body().asString());
        ObjectNode result = FrameCodec.object();
        result.set(open ? "open" : "closed", orders.list(open, clientId.find() ? clientId.group(1) : ""));
        return result;
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
