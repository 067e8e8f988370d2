package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** tastytrade's calls for the feed's tokens and for quotes. On the simulator's event loop only. */
final class TastytradeCalls {
    private static final int MOST_SYMBOLS = 100;
    private static final Map<String, String> KINDS = Map.of(
            "equity", "Equity",
            "index", "Index",
            "equity-option", "Equity Option",
            "future", "Future",
            "future-option", "Future Option",
            "cryptocurrency", "Cryptocurrency");

    private final Faults faults;
    private final IssuedTokens quoteTokens;
    private final QuoteWalk quotes;
    private final SimulatedInstruments instruments;
    private final TimeSource time;

    TastytradeCalls(
            Faults faults,
            IssuedTokens quoteTokens,
            QuoteWalk quotes,
            SimulatedInstruments instruments,
            TimeSource time) {
        this.faults = faults;
        this.quoteTokens = quoteTokens;
        this.quotes = quotes;
        this.instruments = instruments;
        this.time = time;
    }

    void mount(TastytradeRoutes routes, Router router) {
        routes.add(router, HttpMethod.GET, "/api-quote-tokens", "quote_tokens", this::quoteToken);
        routes.add(router, HttpMethod.GET, "/market-data/by-type", "by_type", this::byType);
    }

    private void quoteToken(RoutingContext context) {
        if (faults.happens(Fault.CUSTOMER_NOT_FOUND)) {
            RestGate.error(context, 404, "quote_streamer.customer_not_found_error", "You must be a customer");
            return;
        }
        ObjectNode data = FrameCodec.object()
                .put("token", quoteTokens.issue())
                .put("dxlink-url", "ws://" + context.request().authority() + UpstreamSimulator.DXLINK_PATH)
                .put("level", "api")
                .put("issued-at", InstantFormat.format(time.instant()))
                .put("expires-at", InstantFormat.format(time.instant().plus(quoteTokens.life())));
        TastytradeRoutes.answer(context, 200, data);
    }

    private void byType(RoutingContext context) {
        Map<String, String> asked = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : context.queryParams()) {
            String kind = KINDS.get(parameter.getKey());
            if (kind != null) {
                for (String symbol : parameter.getValue().split(",", -1)) {
                    asked.put(symbol.strip(), kind);
                }
            }
        }
        asked.remove("");
        if (asked.isEmpty() || asked.size() > MOST_SYMBOLS) {
            RestGate.error(context, 400, "validation_error", "From 1 to " + MOST_SYMBOLS + " symbols");
            return;
        }
        ObjectNode data = FrameCodec.object();
        ArrayNode items = data.putArray("items");
        asked.forEach((symbol, kind) -> {
            if (instruments.isKnown(symbol)) { // nothing is said of any other
                items.add(item(quotes.of(symbol), kind));
            }
        });
        ObjectNode body = FrameCodec.object();
        body.set("data", data);
        body.putNull("pagination").put("context", context.request().path());
        RestGate.json(context, 200, body);
    }

    private ObjectNode item(QuoteWalk.Quoted quote, String kind) {
        ObjectNode item = FrameCodec.object()
                .put("symbol", quote.symbol())
                .put("instrument-type", kind)
                .put("updated-at", InstantFormat.format(time.instant()));
        if (!quote.isIndex()) { // of an index only the mark is known
            item.put("bid", decimal(quote.bidPrice()))
                    .put("ask", decimal(quote.askPrice()))
                    .put("mid", decimal((quote.bidPrice() + quote.askPrice()) / 2));
        }
        String today = time.instant().toString().substring(0, 10);
        return item.put("bid-size", quote.isIndex() ? "0.0" : quote.bidSize() + ".0")
                .put("ask-size", quote.isIndex() ? "0.0" : quote.askSize() + ".0")
                .put("mark", decimal(quote.bidPrice()))
                .put("last", decimal(quote.askPrice()))
                .put("close-price-type", "Unknown")
                .put("summary-date", today)
                .put("prev-close-date", today)
                .put("prev-close-price-type", "Regular")
                .put("is-trading-halted", false)
                .put("halt-start-time", -1)
                .put("halt-end-time", -1);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
