package dev.fairlead.gateway.edge;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.agent.AgentEndpoint;
import dev.fairlead.gateway.edge.agent.AgentHub;
import dev.fairlead.gateway.edge.agent.ChatSubjects;
import dev.fairlead.gateway.edge.agent.LogEndpoints;
import dev.fairlead.gateway.edge.agent.MessageSubjects;
import dev.fairlead.gateway.edge.agent.OrderSubjects;
import dev.fairlead.gateway.edge.chat.ChatSockets;
import dev.fairlead.gateway.edge.intake.HandshakeWatch;
import dev.fairlead.gateway.edge.page.PageHandler;
import dev.fairlead.gateway.edge.rest.AdminTokenCalls;
import dev.fairlead.gateway.edge.rest.AgentCalls;
import dev.fairlead.gateway.edge.rest.AlertCalls;
import dev.fairlead.gateway.edge.rest.ApprovalCalls;
import dev.fairlead.gateway.edge.rest.AuditCalls;
import dev.fairlead.gateway.edge.rest.BackupCalls;
import dev.fairlead.gateway.edge.rest.CallAudit;
import dev.fairlead.gateway.edge.rest.ClockCalls;
import dev.fairlead.gateway.edge.rest.ClusterCalls;
import dev.fairlead.gateway.edge.rest.DocumentCalls;
import dev.fairlead.gateway.edge.rest.Endpoint;
import dev.fairlead.gateway.edge.rest.EventCalls;
import dev.fairlead.gateway.edge.rest.HealthCalls;
import dev.fairlead.gateway.edge.rest.InstanceCalls;
import dev.fairlead.gateway.edge.rest.LogCalls;
import dev.fairlead.gateway.edge.rest.LogSearchCalls;
import dev.fairlead.gateway.edge.rest.LoginCalls;
import dev.fairlead.gateway.edge.rest.McpCalls;
import dev.fairlead.gateway.edge.rest.MessageCalls;
import dev.fairlead.gateway.edge.rest.OpenAiCalls;
import dev.fairlead.gateway.edge.rest.OrderCalls;
import dev.fairlead.gateway.edge.rest.QuoteCalls;
import dev.fairlead.gateway.edge.rest.RestRouter;
import dev.fairlead.gateway.edge.rest.SessionCalls;
import dev.fairlead.gateway.edge.rest.StreamedAnswers;
import dev.fairlead.gateway.edge.rest.TokenCalls;
import dev.fairlead.gateway.edge.socket.Connections;
import dev.fairlead.gateway.edge.stream.InstanceFrames;
import dev.fairlead.gateway.edge.stream.QuoteFrames;
import dev.fairlead.gateway.edge.stream.StreamEndpoint;
import dev.fairlead.gateway.edge.stream.StreamFanout;
import dev.fairlead.gateway.edge.stream.StreamSockets;
import dev.fairlead.gateway.faces.mcp.McpFace;
import dev.fairlead.gateway.keys.KeyEvent;
import dev.fairlead.gateway.logins.LoginEvents;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The one port: REST and WebSockets. Deployed once per core; a connection stays on the event loop that accepted it. It
 * checks, translates and passes on, and knows no rule of any concern.
 */
public final class EdgeVerticle extends VerticleBase {
    private static final List<String> SUB_PROTOCOLS = List.of("fairlead.v1", "construct.v1");
    private static final int CLOSING_TIMEOUT_SECONDS = 3;
    static final List<StreamEndpoint> STREAMS = List.of(
            new StreamEndpoint("agents", "agents", Set.of()),
            new StreamEndpoint("messages", "messages", Set.of("instance", "correlation_id")),
            new StreamEndpoint("events", "events", Set.of()),
            new StreamEndpoint("instances", "instances", Set.of(InstanceFrames.INCLUDE_ARCHIVED), new InstanceFrames()),
            new StreamEndpoint("token", "token", Set.of()),
            new StreamEndpoint(
                    "quotes", "quotes", Set.of(QuoteFrames.SYMBOLS), new QuoteFrames(), StreamEndpoint.Lag.CONFLATED),
            new StreamEndpoint(
                    "instances/:name/logs",
                    "logs",
                    Set.of("backlog", "grep", "grep_mode", "case"),
                    StreamEndpoint.Lag.READ_ON));

    private final EdgeContext edge;
    private Connections connections;
    private StreamFanout fanout;
    private ChatSockets chats;
    private AgentHub agents;
    private HandshakeWatch watch;
    private Upgrades upgrades;
    private Router router;
    private HttpServer server;
    private StreamedAnswers streamed;
    private MessageConsumer<?> endedLogins;
    private MessageConsumer<?> endedKeys;

    public EdgeVerticle(EdgeContext edge) {
        this.edge = edge;
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        Settings settings = edge.settings();
        String place = edge.node() + "/edge-" + UUID.randomUUID();
        connections = new Connections(context, scheduler, edge.time(), edge.traffic());
        fanout = new StreamFanout(bus, context, scheduler, edge.node());
        agents = new AgentHub(
                settings.agents(),
                edge.node(),
                place,
                bus,
                context,
                scheduler,
                edge.time(),
                edge.slots(),
                edge.rates(),
                agentEndpoints(bus));
        watch = new HandshakeWatch(scheduler, edge.time(), settings.http().handshakeTimeout(), edge.unread());
        streamed = new StreamedAnswers(scheduler, edge.time());
        endedLogins = bus.subscribe(LoginEvents.class, this::loginsEnded);
        endedKeys = bus.subscribe(KeyEvent.class, this::keysEnded);
        chats = new ChatSockets(bus, scheduler, edge.node(), place);
        CallAudit audit = new CallAudit(edge.gatekeeper(), bus, edge.time());
        upgrades = new Upgrades(edge, connections, watch, agents, new StreamSockets(fanout), chats, STREAMS, audit);
        router = new RestRouter(
                        vertx,
                        edge.gatekeeper(),
                        edge.lifecycle(),
                        audit,
                        settings.http().maxBody().bytes(),
                        edge.bodies(),
                        streamed)
                .page(new PageHandler(edge.page()))
                .refusing(McpCalls.PATH, McpCalls::refusal)
                .refusing(OpenAiCalls.PATH, OpenAiCalls::refusal)
                .mount(endpoints(bus));
        server = vertx.createHttpServer(options(settings));
        server.connectionHandler(watch::opened)
                .requestHandler(this::requested)
                .invalidRequestHandler(RequestSyntax::refuse);
        return agents.ready()
                .compose(ready -> server.listen(
                        portToShare(settings.http().port()), settings.http().host()))
                .onSuccess(listening -> edge.boundPort().set(listening.actualPort()));
    }

    private void loginsEnded(LoginEvents event) {
        if (event instanceof LoginEvents.Ended ended) {
            connections.endLogins(ended.ids(), ended.why());
            streamed.end(ended.ids());
        }
    }

    private void keysEnded(KeyEvent event) {
        if (event instanceof KeyEvent.Revoked revoked) {
            streamed.end(Set.of(revoked.id()));
        }
    }

    /** Vert.x gives each listener on port 0 a port of its own; those on one negative port share a free one. */
    private static int portToShare(int port) {
        return port == 0 ? -1 : port;
    }

    @Override
    public Future<?> stop() {
        return connections
                .closeAll(CloseCode.GOING_AWAY, "the gateway is shutting down")
                .eventually(() -> server.close())
                .eventually(() -> agents.close())
                .eventually(() -> fanout.close())
                .eventually(() -> chats.close())
                .eventually(() -> endedLogins.unregister())
                .eventually(() -> endedKeys.unregister())
                .onComplete(done -> {
                    watch.stop();
                    streamed.stop();
                });
    }

    private List<AgentEndpoint> agentEndpoints(Bus bus) {
        List<AgentEndpoint> all = new ArrayList<>();
        all.addAll(LogEndpoints.of(bus, edge.node()));
        all.addAll(new MessageSubjects(bus).endpoints());
        all.addAll(new OrderSubjects(bus).endpoints());
        all.addAll(new ChatSubjects(bus).endpoints());
        return all;
    }

    /** Every REST call there is. */
    List<Endpoint> endpoints(Bus bus) {
        List<Endpoint> all = new ArrayList<>();
        all.addAll(new HealthCalls(
                        bus,
                        new VertxScheduler(vertx),
                        edge.time(),
                        edge.lifecycle(),
                        edge.identity(),
                        edge.version(),
                        edge.node(),
                        edge.concerns(),
                        edge.startedAt())
                .endpoints());
        all.addAll(new LoginCalls(
                        bus,
                        edge.gatekeeper(),
                        edge.issuer(),
                        edge.time(),
                        new LoginCalls.Shell(
                                edge.command().program(),
                                edge.command().dataDir().map(Path::toString),
                                () -> edge.settings()
                                        .http()
                                        .localUrl(edge.boundPort().get())),
                        (action, address, succeeded) -> bus.publish(
                                AuditEvents.class,
                                new AuditEvents.Recorded(
                                        edge.time().instant(),
                                        succeeded ? "operator" : AuditEvents.STRANGER,
                                        action,
                                        "",
                                        address,
                                        succeeded ? AuditEvents.OK : AuditEvents.REFUSED,
                                        "")))
                .endpoints());
        all.addAll(new AgentCalls(bus, agents, edge.settings().agents().requestTimeout()).endpoints());
        all.addAll(new AdminTokenCalls(bus).endpoints());
        all.addAll(new MessageCalls(bus).endpoints());
        all.addAll(new InstanceCalls(bus).endpoints());
        all.addAll(new AuditCalls(bus).endpoints());
        all.addAll(new EventCalls(bus, edge.node()).endpoints());
        all.addAll(new ClockCalls(bus).endpoints());
        all.addAll(new ClusterCalls(bus).endpoints());
        all.addAll(new BackupCalls(bus, edge.node()).endpoints());
        all.addAll(new TokenCalls(bus).endpoints());
        all.addAll(new QuoteCalls(bus).endpoints());
        all.addAll(new OrderCalls(bus).endpoints());
        all.addAll(new ApprovalCalls(bus).endpoints());
        all.addAll(new AlertCalls(bus).endpoints());
        all.addAll(new SessionCalls(bus, edge.node()).endpoints());
        all.addAll(new OpenAiCalls(bus, edge.node(), chats, new VertxScheduler(vertx)).endpoints());
        all.addAll(new LogCalls(bus, edge.node()).endpoints());
        all.addAll(new LogSearchCalls(bus, edge.node(), edge.settings().logs(), edge.time()).endpoints());
        all.addAll(new McpCalls(new McpFace(bus, edge.time(), edge.node(), edge.version(), edge.traces())).endpoints());
        all.addAll(new DocumentCalls(
                        edge.metrics(),
                        edge.gatekeeper().sessions(),
                        edge.settings().http())
                .endpoints());
        return all;
    }

    private void requested(HttpServerRequest received) {
        HttpServerRequest request =
                BasePath.strip(received, edge.settings().http().basePath());
        edge.gatekeeper().transport().announce(request);
        if (!RequestSyntax.escapesAreWhole(request.uri())) {
            RequestSyntax.refuse(request, "The path or query has a '%' that is not followed by two hex digits");
        } else if (Upgrades.concerns(request)) {
            upgrades.handle(request);
        } else {
            router.handle(request);
        }
    }

    private static HttpServerOptions options(Settings settings) {
        HttpServerOptions options = new HttpServerOptions()
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize((int) settings.ws().maxFrame().bytes())
                .setMaxWebSocketMessageSize((int) settings.ws().maxMessage().bytes())
                .setWebSocketSubProtocols(SUB_PROTOCOLS)
                .setWebSocketClosingTimeout(CLOSING_TIMEOUT_SECONDS)
                .setHttp2ClearTextEnabled(false)
                .setStrictThreadMode(true)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(4096)
                .setMaxInitialLineLength(8192)
                .setMaxHeaderSize(16 * 1024);
        if (settings.http().tls()) {
            options.setSsl(true)
                    .setSslHandshakeTimeout(settings.http().handshakeTimeout().toMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setUseAlpn(false)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(settings.http().tlsCert().orElseThrow().toString())
                            .addKeyPath(settings.http().tlsKey().orElseThrow().toString()));
        }
        return options;
    }
}
