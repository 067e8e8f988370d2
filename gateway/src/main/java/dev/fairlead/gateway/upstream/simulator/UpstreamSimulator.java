package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * tastytrade (OAuth, REST, DXLink) and Kraken (token, socket v2) on one port. Strict: what the providers refuse is
 * refused. Faults may be switched and counters read from any thread, and over {@code /_simulator/}.
 */
public final class UpstreamSimulator {
    /** Where the feed is; clients are told by the answer to {@code /api-quote-tokens}. */
    static final String DXLINK_PATH = "/realtime";

    /** Kraken's {@code wss://ws-auth.kraken.com/v2}. */
    static final String KRAKEN_PRIVATE_PATH = "/ws-auth/v2";

    /** Kraken's {@code wss://ws.kraken.com/v2}. */
    static final String KRAKEN_PUBLIC_PATH = "/ws/v2";

    private static final int MOST_BODY_BYTES = 1 << 20;

    private final Vertx vertx;
    private final TimeSource time;
    private final SimulatorOptions options;
    private final Faults faults = new Faults();
    private final Counters counters = new Counters();
    private final IssuedTokens accessTokens;
    private final IssuedTokens quoteTokens;
    private final IssuedTokens krakenTokens;
    private final SimulatedKrakenOrders krakenOrders;
    private final QuoteWalk quotes;
    private final SimulatedInstruments instruments;
    private final SimulatedOrders orders;
    private final Set<Runnable> tickers = new LinkedHashSet<>();
    private Scheduler scheduler;
    private Scheduler.Cancellable walk;
    private HttpServer server;
    private int port;
    private long connections;

    private UpstreamSimulator(Vertx vertx, TimeSource time, SimulatorOptions options) {
        this.vertx = vertx;
        this.time = time;
        this.options = options;
        this.accessTokens = new IssuedTokens(time, options.tokenLife());
        this.quoteTokens = new IssuedTokens(time, options.quoteTokenLife());
        this.krakenTokens = new IssuedTokens(time, options.tokenLife());
        this.quotes = new QuoteWalk(time.nanos());
        this.instruments = new SimulatedInstruments(time, faults);
        this.orders = new SimulatedOrders(time, counters, quotes, faults);
        this.krakenOrders = new SimulatedKrakenOrders(time, counters, quotes, faults);
    }

    /**
     * Starts one, on an event loop of its own.
     *
     * @return the simulator once it listens; fails where the port is taken
     * @throws IllegalArgumentException for a fault that is none
     */
    public static Future<UpstreamSimulator> start(Vertx vertx, TimeSource time, SimulatorOptions options) {
        UpstreamSimulator simulator = new UpstreamSimulator(vertx, time, options);
        simulator.faults.set(options.faults());
        Promise<UpstreamSimulator> started = Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(ignored ->
                        simulator.listen().map(listening -> simulator).onComplete(started));
        return started.future();
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** What to set {@code upstream.base_url} to. */
    public URI baseUrl() {
        return URI.create("http://" + options.host() + ":" + port);
    }

    public Faults faults() {
        return faults;
    }

    public Counters counters() {
        return counters;
    }

    /** Every token it has handed out, for those who look whether one turns up where it must not. */
    public List<String> issuedTokens() {
        List<String> all = new ArrayList<>(accessTokens.all());
        all.addAll(quoteTokens.all());
        all.addAll(krakenTokens.all());
        return all;
    }

    public Future<Void> close() {
        walk.cancel();
        return server.close();
    }

    private Future<HttpServer> listen() {
        scheduler = new VertxScheduler(vertx);
        RestGate gate = new RestGate(faults, counters);
        TastytradeOAuth oauth = new TastytradeOAuth(faults, counters, accessTokens);
        Router router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES));
        router.post("/oauth/token").handler(context -> gate.pass("oauth_token", context, () -> oauth.token(context)));
        TastytradeRoutes routes = new TastytradeRoutes(gate, faults, oauth);
        new TastytradeCalls(faults, quoteTokens, quotes, instruments, time).mount(routes, router);
        new InstrumentCalls(instruments).mount(routes, router);
        new AccountCalls(orders, time).mount(routes, router);
        new OrderCalls(faults, orders).mount(routes, router);
        KrakenCalls kraken = new KrakenCalls(gate, faults, counters, krakenTokens, krakenOrders);
        kraken.mount(router);
        new KrakenPublicCalls(gate, quotes, time).mount(router);
        router.get("/_simulator/faults").handler(this::showFaults);
        router.post("/_simulator/faults").handler(this::setFaults);
        router.get("/_simulator/counters").handler(context -> RestGate.json(context, 200, counters.all()));
        router.get("/_simulator/credentials").handler(this::showCredentials);
        kraken.mountLast(router);
        router.route()
                .last()
                .handler(context -> RestGate.error(context, 404, "not_found", "Nothing is simulated at this path"));
        walk = scheduler.every(options.quotePeriod(), () -> {
            quotes.step();
            orders.settle();
            krakenOrders.settle();
            List.copyOf(tickers).forEach(Runnable::run);
        });
        server = vertx.createHttpServer(new HttpServerOptions()
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setRegisterWebSocketWriteHandlers(false));
        return server.requestHandler(router)
                .webSocketHandler(this::opened)
                .listen(options.port(), options.host())
                .onSuccess(listening -> port = listening.actualPort());
    }

    private void opened(ServerWebSocket accepted) {
        SimulatedSocket socket = new SimulatedSocket(accepted, faults, counters);
        connections++;
        switch (accepted.path()) {
            case DXLINK_PATH -> {
                counters.count("dxlink_connections");
                DxLinkSession session = new DxLinkSession(
                        socket, quoteTokens, new QuotedNames(instruments, quotes), faults, counters, scheduler, time);
                serve(accepted, session::received, session::tick, session::ended);
            }
            case KRAKEN_PRIVATE_PATH, KRAKEN_PUBLIC_PATH -> {
                counters.count("kraken_connections");
                KrakenSession session = new KrakenSession(
                        socket,
                        accepted.path().equals(KRAKEN_PRIVATE_PATH),
                        connections,
                        krakenTokens,
                        krakenOrders,
                        counters,
                        quotes,
                        faults,
                        scheduler,
                        time);
                serve(accepted, session::received, session::tick, session::ended);
            }
            default -> socket.violated("unknown_socket", "no socket is simulated at this path");
        }
    }

    private void serve(ServerWebSocket accepted, Consumer<String> received, Runnable tick, Runnable ended) {
        tickers.add(tick);
        accepted.textMessageHandler(received::accept);
        accepted.exceptionHandler(broken -> counters.count("broken_sockets"));
        accepted.closeHandler(closed -> {
            tickers.remove(tick);
            ended.run();
        });
    }

    /** What clients are started with; it opens nothing but this. */
    private void showCredentials(RoutingContext context) {
        RestGate.json(
                context,
                200,
                Map.of(
                        "client_secret", SimulatedAccount.CLIENT_SECRET,
                        "refresh_token", SimulatedAccount.REFRESH_TOKEN,
                        "account", SimulatedAccount.ACCOUNT,
                        "kraken_key", SimulatedAccount.KRAKEN_KEY,
                        "kraken_secret", SimulatedAccount.KRAKEN_SECRET,
                        "active_future", activeFuture()));
    }

    private String activeFuture() {
        return instruments.futures("ES").stream()
                .filter(contract -> contract.path("active-month").asBoolean())
                .findFirst()
                .orElseThrow()
                .path("symbol")
                .asText();
    }

    private void showFaults(RoutingContext context) {
        RestGate.json(context, 200, Map.of("faults", faults.list()));
    }

    /** {@code {"faults":["hang","rate_limit:2"]}}: these are on from now, all others off. */
    private void setFaults(RoutingContext context) {
        List<String> wanted = new ArrayList<>();
        JsonNode body = RestBody.json(context).orElseGet(FrameCodec::object);
        body.path("faults").forEach(fault -> wanted.add(fault.asText()));
        try {
            if (!body.path("faults").isArray()) {
                throw new IllegalArgumentException("The body is {\"faults\":[…]}");
            }
            faults.set(wanted);
            showFaults(context);
        } catch (IllegalArgumentException e) {
            RestGate.error(context, 400, "bad_request", e.getMessage());
        }
    }
}
