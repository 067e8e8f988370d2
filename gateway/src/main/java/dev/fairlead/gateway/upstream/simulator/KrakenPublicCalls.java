package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Kraken's public calls that clients begin with: the assets, their pairs, prices. On the simulator's event loop only.
 */
final class KrakenPublicCalls {
    private static final String PATH = "/0/public/";

    /** @param altname what a pair is called in requests */
    private record Pair(String altname, String base, String symbol) {}

    private static final Map<String, Pair> PAIRS = pairs();

    private final RestGate gate;
    private final QuoteWalk quotes;
    private final TimeSource time;

    KrakenPublicCalls(RestGate gate, QuoteWalk quotes, TimeSource time) {
        this.gate = gate;
        this.quotes = quotes;
        this.time = time;
    }

    void mount(Router router) {
        mount(router, "Assets", this::assets);
        mount(router, "AssetPairs", this::assetPairs);
        mount(router, "Ticker", this::ticker);
        mount(router, "SystemStatus", context -> FrameCodec.object().put("status", "online"));
        mount(router, "Time", context -> FrameCodec.object()
                .put("unixtime", time.instant().getEpochSecond()));
    }

    /** A pair under any of its names, as the socket calls it; empty where there is none. */
    static String symbol(String name) {
        return PAIRS.entrySet().stream()
                .filter(pair -> pair.getKey().equals(name)
                        || pair.getValue().altname().equals(name)
                        || pair.getValue().symbol().equals(name))
                .map(pair -> pair.getValue().symbol())
                .findFirst()
                .orElse("");
    }

    /** What a pair of any name is called in requests; that name where there is none. */
    static String altname(String name) {
        return PAIRS.values().stream()
                .filter(pair -> pair.symbol().equals(symbol(name)))
                .map(Pair::altname)
                .findFirst()
                .orElse(name);
    }

    private void mount(Router router, String name, Function<RoutingContext, ObjectNode> call) {
        router.route(PATH + name)
                .handler(context -> gate.pass("kraken_public", context, () -> {
                    ObjectNode answer = FrameCodec.object();
                    answer.putArray("error");
                    answer.set("result", call.apply(context));
                    RestGate.json(context, 200, answer);
                }));
    }

    private ObjectNode assets(RoutingContext context) {
        ObjectNode all = FrameCodec.object();
        PAIRS.values().forEach(pair -> asset(all, pair.base(), pair.altname().replace("USD", ""), 10));
        asset(all, "ZUSD", "USD", 4);
        return all;
    }

    private static void asset(ObjectNode all, String name, String altname, int decimals) {
        all.putObject(name)
                .put("aclass", "currency")
                .put("altname", altname)
                .put("decimals", decimals)
                .put("display_decimals", 5)
                .put("status", "enabled");
    }

    private ObjectNode assetPairs(RoutingContext context) {
        ObjectNode all = FrameCodec.object();
        PAIRS.forEach((name, pair) -> {
            ObjectNode shown = all.putObject(name)
                    .put("altname", pair.altname())
                    .put("wsname", pair.altname().replace("USD", "/USD"))
                    .put("aclass_base", "currency")
                    .put("base", pair.base())
                    .put("aclass_quote", "currency")
                    .put("quote", "ZUSD")
                    .put("lot", "unit")
                    .put("pair_decimals", 1)
                    .put("cost_decimals", 5)
                    .put("lot_decimals", 8)
                    .put("lot_multiplier", 1)
                    .put("fee_volume_currency", "ZUSD")
                    .put("ordermin", "0.00005")
                    .put("costmin", "0.5")
                    .put("tick_size", "0.1")
                    .put("status", "online");
            shown.putArray("leverage_buy");
            shown.putArray("leverage_sell");
            shown.putArray("fees").addArray().add(0).add(0.26);
            shown.putArray("fees_maker").addArray().add(0).add(0.16);
        });
        return all;
    }

    private ObjectNode ticker(RoutingContext context) {
        ObjectNode all = FrameCodec.object();
        String asked = Optional.ofNullable(context.request().getParam("pair")).orElse("");
        PAIRS.forEach((name, pair) -> {
            if (asked.isEmpty() || symbolsOf(asked).containsKey(pair.symbol())) {
                QuoteWalk.Quoted quote = quotes.of(pair.symbol());
                ObjectNode shown = all.putObject(name);
                shown.putArray("a").add(text(quote.askPrice())).add("1").add("1.000");
                shown.putArray("b").add(text(quote.bidPrice())).add("1").add("1.000");
                shown.putArray("c").add(text(quote.askPrice())).add("0.1");
                for (String field : new String[] {"v", "p", "l", "h"}) {
                    shown.putArray(field).add(text(quote.bidPrice())).add(text(quote.bidPrice()));
                }
                shown.putArray("t").add(1).add(1);
                shown.put("o", text(quote.bidPrice()));
            }
        });
        return all;
    }

    private static Map<String, String> symbolsOf(String list) {
        Map<String, String> symbols = new LinkedHashMap<>();
        for (String name : list.split(",", -1)) {
            symbols.put(symbol(name), name);
        }
        return symbols;
    }

    private static String text(double price) {
        return Double.toString(price);
    }

    private static Map<String, Pair> pairs() {
        Map<String, Pair> all = new LinkedHashMap<>();
        all.put("XXBTZUSD", new Pair("XBTUSD", "XXBT", "BTC/USD"));
        all.put("XETHZUSD", new Pair("ETHUSD", "XETH", "ETH/USD"));
        all.put("SOLUSD", new Pair("SOLUSD", "SOL", "SOL/USD"));
        return all;
    }
}
