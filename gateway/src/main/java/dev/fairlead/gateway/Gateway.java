package dev.fairlead.gateway;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentSessionVerticle;
import dev.fairlead.gateway.alerts.AlertVerticle;
import dev.fairlead.gateway.approvals.ApprovalVerticle;
import dev.fairlead.gateway.audit.AuditVerticle;
import dev.fairlead.gateway.auth.AdminPassword;
import dev.fairlead.gateway.auth.DeviceMarks;
import dev.fairlead.gateway.auth.LoginKeys;
import dev.fairlead.gateway.auth.LoginLimiter;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatVerticle;
import dev.fairlead.gateway.cluster.Alone;
import dev.fairlead.gateway.cluster.LeaseMetrics;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.LeaseRoutes;
import dev.fairlead.gateway.cluster.Leases;
import dev.fairlead.gateway.cluster.Members;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.edge.EdgeContext;
import dev.fairlead.gateway.edge.EdgeVerticle;
import dev.fairlead.gateway.edge.Lifecycle;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.LocalOperator;
import dev.fairlead.gateway.edge.access.SharedTries;
import dev.fairlead.gateway.edge.access.SocketSlots;
import dev.fairlead.gateway.edge.agent.FrameRates;
import dev.fairlead.gateway.edge.intake.ByteBudget;
import dev.fairlead.gateway.edge.intake.ConnectionCount;
import dev.fairlead.gateway.edge.intake.GatedTransport;
import dev.fairlead.gateway.edge.intake.IntakeMetrics;
import dev.fairlead.gateway.edge.intake.OpenFiles;
import dev.fairlead.gateway.edge.page.OwnCommand;
import dev.fairlead.gateway.edge.page.PageFiles;
import dev.fairlead.gateway.edge.socket.Traffic;
import dev.fairlead.gateway.events.EventStreamVerticle;
import dev.fairlead.gateway.faces.mcp.McpGoOn;
import dev.fairlead.gateway.faces.mcp.McpVerticle;
import dev.fairlead.gateway.faces.openai.OpenAiVerticle;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.instances.InstanceSupervisorVerticle;
import dev.fairlead.gateway.keys.KeysVerticle;
import dev.fairlead.gateway.ledger.LedgerTime;
import dev.fairlead.gateway.ledger.LedgerTimeRows;
import dev.fairlead.gateway.ledger.LedgerTimeVerticle;
import dev.fairlead.gateway.logins.LoginCommands;
import dev.fairlead.gateway.logins.LoginsVerticle;
import dev.fairlead.gateway.logs.LogTailVerticle;
import dev.fairlead.gateway.market.MarketFeedVerticle;
import dev.fairlead.gateway.messages.MessageBusVerticle;
import dev.fairlead.gateway.nodes.NodesVerticle;
import dev.fairlead.gateway.orders.OrderVerticle;
import dev.fairlead.gateway.settings.ByteSize;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.FolderLock;
import dev.fairlead.gateway.store.StoreVerticle;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tokens.TokenRefresherVerticle;
import dev.fairlead.gateway.traces.CollectedTraces;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.gateway.upstream.UpstreamWire;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.client.UserHome;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running gateway: starts the store, then the concerns, then the edges, and stops them the other way round. It may
 * be used from any thread.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** How often a closing gateway looks whether requests in hand are answered. */
    private static final long DRAIN_POLL_MILLIS = 20;

    private final Settings settings;
    private final Map<String, String> environment;
    private final TimeSource time;
    private final Optional<Admission> admission;
    private final Vertx vertx;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Lifecycle lifecycle = new Lifecycle();
    private final Deque<Supplier<Future<?>>> undo = new ArrayDeque<>();
    private final UpstreamSession upstream = new UpstreamSession();
    private UpstreamCredentials credentials;
    private UpstreamWire wire;
    private NodeSecrets secrets;
    private AdminPassword adminPassword;
    private LoginKeys loginKeys;
    private Traces traces = Traces.none();
    private Supplier<Future<?>> leave = Future::succeededFuture;
    private int port;
    private Future<Void> closing; // null until close is called

    private Gateway(
            Settings settings,
            Map<String, String> environment,
            TimeSource time,
            Optional<Admission> admission,
            Vertx vertx) {
        this.settings = settings;
        this.environment = environment;
        this.time = time;
        this.admission = admission;
        this.vertx = vertx;
    }

    /** Starts a gateway with the clocks of this machine. */
    public static Future<Gateway> start(Settings settings) {
        return start(settings, System.getenv(), TimeSource.system(), new VertxOptions().setPreferNativeTransport(true));
    }

    /**
     * Starts a gateway.
     *
     * @param environment where the upstream's credentials are taken from
     * @param options of the Vert.x it makes and owns
     * @return the gateway once it listens; where anything fails, all that was started is stopped again first
     */
    public static Future<Gateway> start(
            Settings settings, Map<String, String> environment, TimeSource time, VertxOptions options) {
        int most = OpenFiles.connectionsThatFit(settings.http().maxConnections());
        ConnectionCount connections = new ConnectionCount(most, settings.http().shareOf(most));
        VertxBuilder builder = Vertx.builder()
                .with(options)
                .withTransport(
                        new GatedTransport(options, connections, settings.http().behindTlsProxy(), time));
        Map<String, String> variables = Map.copyOf(environment);
        if (!settings.cluster().enabled()) {
            return start(new Gateway(settings, variables, time, Optional.empty(), builder.build()), connections);
        }
        return Admission.ask(settings, time)
                .compose(admitted -> Members.join(builder, options, settings.cluster(), admitted.fleet())
                        .compose(vertx -> start(
                                new Gateway(settings, variables, time, Optional.of(admitted), vertx), connections)));
    }

    private static Future<Gateway> start(Gateway gateway, ConnectionCount connections) {
        new IntakeMetrics(gateway.metrics).connections(connections);
        gateway.undo.push(gateway::closeVertx);
        Promise<Gateway> started = Promise.promise();
        gateway.run()
                .onSuccess(ignored -> started.complete(gateway))
                .onFailure(failure -> gateway.unwind(() -> started.fail(failure)));
        return started.future();
    }

    /** The port it listens on: the one asked for, or, where that was 0, the one the system gave. */
    public int port() {
        return port;
    }

    /** The node's name. */
    public String node() {
        return secrets.node();
    }

    /** Where the generated admin password is kept; empty where the settings give one. */
    public Optional<Path> passwordFile() {
        return secrets.passwordFile();
    }

    /** Whether this start made the admin password. */
    public boolean passwordIsNew() {
        return secrets.passwordIsNew();
    }

    /** A key that logs a browser in once, within {@link LoginKeys#FIRST_LIFE}: for the link that the start prints. */
    public Future<String> firstLoginKey() {
        return Bus.on(vertx)
                .request(new LoginCommands.MakeKey(LoginKeys.FIRST_LIFE, "gateway", ""))
                .map(LoginCommands.Key::key);
    }

    /**
     * Shuts down in order: what is new is refused, what is in hand gets {@code shutdown.grace}, every WebSocket is
     * closed with 1001, what was accepted is stored.
     */
    public synchronized Future<Void> close() {
        if (closing == null) {
            lifecycle.drain();
            Promise<Void> closed = Promise.promise();
            Future.join(drained(time.nanos()), turnsEnded(), listenersTold())
                    .onComplete(ignored -> unwind(closed::complete));
            closing = closed.future();
        }
        return closing;
    }

    /** For tests that speak on the bus. */
    Vertx vertx() {
        return vertx;
    }

    private Future<?> run() {
        long startedAt = time.nanos();
        Bus bus = Bus.install(vertx);
        return vertx.executeBlocking(this::openFolder).compose(folder -> {
            // Both take their time, and neither needs the other.
            Future<Loaded> loading = vertx.executeBlocking(this::load, false);
            return open(folder).compose(database -> {
                undo.push(database::close);
                return loading.compose(loaded -> LedgerTimeRows.open(database, time)
                        .compose(opened -> own(database, bus).compose(owner -> {
                            opened.missing().ifPresent(what -> log.warn("Store: {}.", what));
                            return concerns(folder, database, owner, loaded, opened);
                        }))
                        .compose(ignored -> edges(edgeContext(bus, loaded, startedAt)))
                        .compose(ignored -> meetOthers(bus))
                        .compose(ignored -> bus.requestAt(
                                secrets.node(),
                                new InstanceCommands.Listening(settings.http().localUrl(port))))
                        .compose(ignored -> bus.requestAt(ChatCommands.place(secrets.node()), new ChatCommands.GoOn()))
                        .compose(ignored -> bus.requestAt(McpGoOn.place(secrets.node()), new McpGoOn()))
                        .onSuccess(ignored -> undo.push(leave)));
            });
        });
    }

    /** All that hear of agents are there now. */
    private Future<?> meetOthers(Bus bus) {
        return admission.isEmpty()
                ? Future.succeededFuture()
                : bus.requestAt(secrets.node(), new AgentCommands.MeetOthers());
    }

    private Future<Database> open(DataFolder folder) {
        return admission.isEmpty()
                ? Database.open(vertx, settings.db(), folder)
                : Database.openShared(
                        vertx, settings.db(), folder, settings.cluster().lease().dividedBy(3));
    }

    /** Alone, or a node of its fleet: what it owns it then hands over before anything else stops, to be taken up. */
    private Future<Ownership> own(Database database, Bus bus) {
        String node = secrets.node();
        if (admission.isEmpty()) {
            return Future.succeededFuture(new Alone(node));
        }
        Settings.Cluster cluster = settings.cluster();
        Leases leases =
                new Leases(vertx, database, node, cluster.lease(), cluster.poll(), time, new VertxScheduler(vertx));
        return leases.start()
                .onSuccess(joined -> {
                    leave = leases::leave;
                    undo.push(leave); // where it does not come so far that it is pushed again
                })
                .compose(joined -> {
                    LeaseMetrics.count(leases, metrics);
                    undo.push(bus::leave);
                    long life = leases.fence(LeaseName.node(node))
                            .map(Fence::number)
                            .orElse(0L);
                    byte[] key = admission.get().key().derive("fairlead node bus 1");
                    return bus.join(new LeaseRoutes(leases), life, key, time, metrics);
                })
                .map(leases);
    }

    /** What the edges are given and no event loop should wait for. */
    private record Loaded(
            TokenIssuer issuer, TokenVerifier verifier, PageFiles page, OwnCommand command, LocalOperator local) {}

    private Loaded load() {
        // The first JSON takes tens of milliseconds, on whichever thread it is: on the edge's loop it was the start's.
        FrameCodec.encode(FrameCodec.object());
        return new Loaded(
                new TokenIssuer(secrets.signingKey(), time),
                new TokenVerifier(secrets.signingKey(), time),
                PageFiles.load(settings.http().basePath()),
                OwnCommand.of(Fairlead.class, environment, UserHome.find(environment), settings.dataDir()),
                LocalOperator.on(vertx, settings, secrets.node(), secrets.passwordFile()));
    }

    private DataFolder openFolder() throws IOException {
        DataFolder folder = DataFolder.open(settings.dataDir());
        FolderLock lock = folder.lock();
        undo.push(() -> vertx.executeBlocking(() -> {
            lock.close();
            return null;
        }));
        NodeSecrets own = NodeSecrets.load(settings, folder);
        secrets = admission.map(fleet -> own.with(fleet.key())).orElse(own);
        settings.otel().endpoint().ifPresent(collector -> {
            traces = CollectedTraces.to(collector, settings.otel().content(), vertx, secrets.node(), Version.current());
            undo.push(traces::close);
        });
        loginKeys = new LoginKeys(folder.folder(LoginKeys.FOLDER));
        credentials = UpstreamCredentials.read(settings.upstream().kind(), environment);
        wire = UpstreamWire.of(vertx, settings, credentials, upstream, time);
        undo.push(wire::close);
        return folder;
    }

    private Future<?> concerns(
            DataFolder folder, Database database, Ownership owner, Loaded loaded, LedgerTimeRows.Opened store) {
        String node = secrets.node();
        LedgerTime ledger = store.time(); // by which what is kept expires and is pruned
        adminPassword = new AdminPassword(vertx, secrets.adminPassword());
        return deploy(() -> new StoreVerticle(database, folder, time, node, store.missing(), metrics), 1)
                .compose(ignored -> deploy(
                        () -> new NodesVerticle(
                                database,
                                owner,
                                time,
                                Version.current(),
                                settings.cluster().address()),
                        1))
                .compose(ignored -> deploy(() -> new LedgerTimeVerticle(database, ledger), 1))
                .compose(ignored -> deploy(() -> new AuditVerticle(database, owner, ledger), 1))
                .compose(ignored -> deploy(() -> new KeysVerticle(database, owner, loaded.issuer(), time), 1))
                .compose(ignored -> deploy(() -> new ApprovalVerticle(database, owner, settings, ledger), 1))
                .compose(
                        ignored -> deploy(() -> new LoginsVerticle(database, owner, adminPassword, loginKeys, time), 1))
                .compose(ignored -> deploy(
                        () -> new AgentSessionVerticle(
                                database, owner, settings, loaded.issuer(), loaded.verifier(), time, metrics),
                        1))
                .compose(ignored -> deploy(() -> new LogTailVerticle(owner, folder, settings, time, metrics), 1))
                .compose(ignored ->
                        deploy(() -> new MessageBusVerticle(database, owner, settings, ledger, metrics, traces), 1))
                .compose(ignored -> deploy(() -> new EventStreamVerticle(database, owner, settings, time), 1))
                .compose(ignored -> deploy(
                        () -> new TokenRefresherVerticle(owner, settings, credentials, upstream, wire, time, metrics),
                        1))
                .compose(ignored ->
                        deploy(() -> new MarketFeedVerticle(owner, settings, credentials, upstream, time, metrics), 1))
                .compose(ignored -> deploy(
                        () -> new OrderVerticle(
                                database,
                                owner,
                                settings,
                                wire.brokerage(),
                                ledger,
                                metrics,
                                node,
                                lifecycle::isDraining,
                                traces),
                        1))
                .compose(ignored ->
                        deploy(() -> new ChatVerticle(database, owner, settings, ledger, metrics, traces), 1))
                .compose(ignored -> deploy(() -> new McpVerticle(database, owner, ledger, traces), 1))
                .compose(ignored -> deploy(() -> new OpenAiVerticle(database, owner, settings, time), 1))
                // The last of those that do something to start, the first to stop: what it runs may use all others.
                .compose(ignored -> deploy(
                        () -> new InstanceSupervisorVerticle(database, owner, folder, settings, time, ledger, metrics),
                        1))
                // What ends because all of it ends is nothing to be told of: this hears of it no more.
                .compose(ignored -> deploy(() -> new AlertVerticle(database, owner, settings, ledger), 1));
    }

    private Future<?> edges(EdgeContext context) {
        return deploy(() -> new EdgeVerticle(context), Runtime.getRuntime().availableProcessors())
                .onSuccess(ignored -> port = context.boundPort().get());
    }

    private EdgeContext edgeContext(Bus bus, Loaded loaded, long startedAt) {
        Gatekeeper gatekeeper = new Gatekeeper(
                settings,
                loaded.local(),
                loaded.verifier(),
                adminPassword,
                limiter(bus),
                new DeviceMarks(secrets.signingKey()),
                bus);
        SocketSlots slots = new SocketSlots(settings.ws(), settings.http());
        IntakeMetrics intake = new IntakeMetrics(metrics);
        intake.unregistered(slots::unregistered);
        return new EdgeContext(
                settings,
                time,
                secrets.node(),
                Version.current(),
                startedAt,
                gatekeeper,
                loaded.issuer(),
                secrets.identity(),
                slots,
                new FrameRates(settings.agents().maxRate()),
                intake.bodies(budget(settings.http().maxBodies())),
                intake.unread(budget(settings.http().maxUnread())),
                lifecycle,
                new Traffic(metrics),
                loaded.page(),
                loaded.command(),
                traces,
                metrics,
                List.of(
                        "store",
                        "clock",
                        "agents",
                        "audit",
                        "messages",
                        "events",
                        "logs",
                        "instances",
                        "token",
                        "market",
                        "orders",
                        "chat"),
                new AtomicInteger());
    }

    /** The tries at a password are those at all nodes of a fleet together. */
    private LoginLimiter limiter(Bus bus) {
        LoginLimiter limiter = new LoginLimiter(
                settings.auth().loginPerMinute(), settings.auth().loginPerMinuteTotal(), time);
        if (admission.isPresent()) {
            undo.push(new SharedTries(bus, secrets.node(), limiter)::close);
        }
        return limiter;
    }

    /** Of which one address may have half. */
    private static ByteBudget budget(ByteSize most) {
        return new ByteBudget(most.bytes(), most.bytes() / 2);
    }

    /** Runs verticles on this gateway until it closes. */
    public Future<String> deploy(Supplier<Deployable> verticle, int instances) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .onSuccess(id -> undo.push(() -> vertx.undeploy(id)));
    }

    /**
     * Watches this process's own queues until it closes: of one that stands still health says so, at last it is told.
     *
     * @param end what ends the process, given the reason
     */
    public void watch(Consumer<String> end) {
        watch(QueueWatch.PERIOD, end);
    }

    void watch(Duration period, Consumer<String> end) {
        QueueWatch watch = QueueWatch.over(vertx, period, lifecycle::stuck, end);
        undo.push(() -> {
            watch.close();
            return Future.succeededFuture();
        });
    }

    private Future<Void> drained(long since) {
        if (lifecycle.inHand() == 0
                || Duration.ofNanos(time.nanos() - since)
                                .compareTo(settings.shutdown().grace())
                        > 0) {
            return Future.succeededFuture();
        }
        return vertx.timer(DRAIN_POLL_MILLIS).compose(ignored -> drained(since));
    }

    /** No turn of a chat runs any more, or the time for it is up. */
    private Future<?> turnsEnded() {
        return secrets == null
                ? Future.succeededFuture()
                : Bus.on(vertx)
                        .requestAt(
                                ChatCommands.place(secrets.node()),
                                new ChatCommands.Drain(),
                                settings.shutdown().grace())
                        .otherwiseEmpty();
    }

    /** Who listens over MCP is told that no more comes. */
    private Future<?> listenersTold() {
        return secrets == null
                ? Future.succeededFuture()
                : Bus.on(vertx)
                        .requestAt(McpGoOn.place(secrets.node()), new McpGoOn.Drain())
                        .otherwiseEmpty();
    }

    /**
     * Undoes what was started, the last first; one failure does not keep the rest running. The end is told by a plain
     * callback: a future would tell it on an event loop that is gone by then.
     */
    private void unwind(Runnable then) {
        Supplier<Future<?>> next = undo.poll();
        if (next == null) {
            then.run();
            return;
        }
        next.get()
                .onFailure(failure -> log.warn("Something did not stop in order", failure))
                .onComplete(ignored -> unwind(then));
    }

    /** Closed from a thread that is none of its own, which therefore lives to tell the end. */
    private Future<?> closeVertx() {
        Promise<Void> closed = Promise.promise();
        new Thread(() -> vertx.close().onComplete(closed), "fairlead-close").start();
        return closed.future();
    }
}
