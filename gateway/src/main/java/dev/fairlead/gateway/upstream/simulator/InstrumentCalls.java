package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** tastytrade's {@code /instruments}, as far as the feed's names need it. On the simulator's event loop only. */
final class InstrumentCalls {
    private final SimulatedInstruments instruments;

    InstrumentCalls(SimulatedInstruments instruments) {
        this.instruments = instruments;
    }

    void mount(TastytradeRoutes routes, Router router) {
        routes.add(router, HttpMethod.GET, "/instruments/futures", "instruments_futures", this::futures);
        routes.add(
                router,
                HttpMethod.GET,
                "/instruments/future-options",
                "instruments_future_options",
                context -> named(context, instruments::futureOption));
        routes.add(
                router,
                HttpMethod.GET,
                "/instruments/cryptocurrencies",
                "instruments_cryptocurrencies",
                context -> named(context, instruments::cryptocurrency));
    }

    private void futures(RoutingContext context) {
        List<ObjectNode> found = new ArrayList<>();
        values(context, "symbol").forEach(symbol -> instruments.future(symbol).ifPresent(found::add));
        values(context, "product-code").forEach(product -> found.addAll(instruments.futures(product)));
        answer(context, found);
    }

    private static void named(RoutingContext context, Function<String, Optional<ObjectNode>> find) {
        List<ObjectNode> found = new ArrayList<>();
        values(context, "symbol").forEach(symbol -> find.apply(symbol).ifPresent(found::add));
        answer(context, found);
    }

    /** Lists stand in brackets: {@code symbol[]=/ESZ6&symbol[]=/NQZ6}. */
    private static List<String> values(RoutingContext context, String name) {
        List<String> all = new ArrayList<>(context.queryParams().getAll(name + "[]"));
        all.addAll(context.queryParams().getAll(name));
        return all;
    }

    private static void answer(RoutingContext context, List<ObjectNode> found) {
        ObjectNode data = FrameCodec.object();
        ArrayNode items = data.putArray("items");
        found.forEach(items::add);
        TastytradeRoutes.answer(context, 200, data);
    }
}
