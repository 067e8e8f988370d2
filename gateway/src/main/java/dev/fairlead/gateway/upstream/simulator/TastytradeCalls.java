package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** tastytrade's REST calls: tokens, quotes, orders. On the simulator's event loop only. */
final class TastytradeCalls {
    private static final int MOST_SYMBOLS = 100;
    private static final Map<String, String> KINDS = Map.of(
            "equity", "Equity",
            "index", "Index",
            "equity-option", "Equity Option",
            "future", "Future",
            "future-option", "Future Option",
            "cryptocurrency", "Cryptocurrency");

    private final RestGate gate;
    private final Faults faults;
    private final TastytradeOAuth oauth;
    private final IssuedTokens quoteTokens;
    private final QuoteWalk quotes;
    private final SimulatedOrders orders;
    private final TimeSource time;

    TastytradeCalls(
            RestGate gate,
            Faults faults,
            TastytradeOAuth oauth,
            IssuedTokens quoteTokens,
            QuoteWalk quotes,
            SimulatedOrders orders,
            TimeSource time) {
        this.gate = gate;
        this.faults = faults;
        this.oauth = oauth;
        this.quoteTokens = quoteTokens;
        this.quotes = quotes;
        this.orders = orders;
        this.time = time;
    }

    void mount(Router router) {
        router.post("/oauth/token").handler(context -> gate.pass("oauth_token", context, () -> oauth.token(context)));
        route(router, HttpMethod.GET, "/api-quote-tokens", "quote_tokens", this::quoteToken);
        route(router, HttpMethod.GET, "/market-data/by-type", "by_type", this::byType);
        route(router, HttpMethod.POST, "/accounts/:account/orders", "orders", this::place);
        route(router, HttpMethod.POST, "/accounts/:account/orders/dry-run", "orders_dry_run", this::rehearse);
        route(router, HttpMethod.GET, "/accounts/:account/orders", "orders_list", this::list);
        route(router, HttpMethod.GET, "/accounts/:account/orders/:id", "orders_get", this::one);
    }

    private void route(Router router, HttpMethod method, String path, String name, Consumer<RoutingContext> call) {
        router.route(method, path)
                .handler(context ->
                        gate.pass(name, context, () -> oauth.authenticated(context, () -> call.accept(context))));
    }

    private void quoteToken(RoutingContext context) {
        if (faults.happens(Fault.CUSTOMER_NOT_FOUND)) {
            RestGate.error(context, 404, "quote_streamer.customer_not_found_error", "You must be a customer");
            return;
        }
        ObjectNode data = FrameCodec.object()
                .put("token", quoteTokens.issue())
                .put("dxlink-url", "ws://" + context.request().authority() + UpstreamSimulator.DXLINK_PATH)
                .put("level", "api");
        answer(context, 200, data);
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
        asked.forEach((symbol, kind) -> items.add(item(quotes.of(symbol), kind)));
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
                    .put("bid-size", quote.bidSize() + ".0")
                    .put("ask", decimal(quote.askPrice()))
                    .put("ask-size", quote.askSize() + ".0")
                    .put("mid", decimal((quote.bidPrice() + quote.askPrice()) / 2));
        }
        return item.put("mark", decimal(quote.bidPrice()))
                .put("last", decimal(quote.askPrice()))
                .put("is-trading-halted", false);
    }

    private void place(RoutingContext context) {
        order(context).ifPresent(order -> {
            ObjectNode placed = orders.place(context.pathParam("account"), order);
            if (faults.happens(Fault.LOST_ORDER_REPLY)) {
                Future<Void> unused = context.request().connection().close();
            } else {
                answer(context, 201, orderData(placed));
            }
        });
    }

    private void rehearse(RoutingContext context) {
        order(context)
                .ifPresent(
                        order -> answer(context, 201, orderData(orders.rehearse(context.pathParam("account"), order))));
    }

    private void list(RoutingContext context) {
        if (isAccount(context)) {
            ObjectNode data = FrameCodec.object();
            data.set("items", orders.list());
            answer(context, 200, data);
        }
    }

    private void one(RoutingContext context) {
        if (!isAccount(context)) {
            return;
        }
        Optional<ObjectNode> found = context.pathParam("id").matches("\\d{1,18}")
                ? orders.find(Long.parseLong(context.pathParam("id")))
                : Optional.empty();
        if (found.isPresent()) {
            answer(context, 200, found.get());
        } else {
            RestGate.error(context, 404, "record_not_found", "Couldn't find Order");
        }
    }

    /** The order of a call; empty where the call is answered already. */
    private Optional<JsonNode> order(RoutingContext context) {
        if (!isAccount(context)) {
            return Optional.empty();
        }
        Optional<JsonNode> order = RestBody.json(context);
        List<String> wrong = order.map(SimulatedOrders::faults).orElseGet(() -> List.of("the body is no JSON object"));
        if (wrong.isEmpty()) {
            return order;
        }
        ObjectNode body = FrameCodec.object();
        ArrayNode errors = body.putObject("error")
                .put("code", "validation_error")
                .put("message", "Request validation failed")
                .putArray("errors");
        new ArrayList<>(wrong).forEach(reason -> errors.addObject().put("reason", reason));
        RestGate.json(context, 422, body);
        return Optional.empty();
    }

    private boolean isAccount(RoutingContext context) {
        if (context.pathParam("account").equals(SimulatedAccount.ACCOUNT)) {
            return true;
        }
        RestGate.error(context, 403, "not_permitted", "User not permitted access");
        return false;
    }

    private static ObjectNode orderData(ObjectNode order) {
        ObjectNode data = FrameCodec.object();
        data.set("order", order);
        data.putArray("warnings");
        data.putArray("errors");
        data.putObject("buying-power-effect")
                .put("change-in-buying-power", "0.0")
                .put("effect", "None");
        data.putObject("fee-calculation").put("total-fees", "0.0").put("total-fees-effect", "None");
        return data;
    }

    private static void answer(RoutingContext context, int status, ObjectNode data) {
        ObjectNode body = FrameCodec.object();
        body.set("data", data);
        RestGate.json(context, status, body.put("context", context.request().path()));
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
