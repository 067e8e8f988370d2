package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.cluster.Projection;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.gateway.upstream.UpstreamWire;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the upstream's token: asked for by the node that has the upstream, its state told by every node. */
public final class TokenRefresherVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(TokenRefresherVerticle.class);
    private static final String PLACE = "token";
    private static final Duration TICK = Duration.ofMillis(100);

    /** How often a node that has not the upstream looks who has. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Ownership ownership;
    private final Settings settings;
    private final UpstreamCredentials credentials;
    private final UpstreamSession session;
    private final UpstreamWire wire;
    private final TimeSource time;
    private final TokenMetrics metrics;
    private final String node;
    private final String kind;
    private final OthersToken others;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Optional<TokenRun> run = Optional.empty(); // while this node has the upstream
    private Bus bus;
    private StreamPublisher<TokenReport> stream;
    private Ticker ticks; // null until it has started
    private Scheduler.Cancellable looking = () -> {};
    private TokenState toldState = TokenState.UNAVAILABLE;
    private Optional<String> toldReason = Optional.empty();

    /**
     * @param ownership of the upstream's lease: its holder alone asks for tokens
     * @param session told of each token, for those on this node that make authenticated calls
     */
    public TokenRefresherVerticle(
            Ownership ownership,
            Settings settings,
            UpstreamCredentials credentials,
            UpstreamSession session,
            UpstreamWire wire,
            TimeSource time,
            MeterRegistry registry) {
        this.ownership = ownership;
        this.settings = settings;
        this.credentials = credentials;
        this.session = session;
        this.wire = wire;
        this.time = time;
        this.metrics = new TokenMetrics(registry);
        this.node = ownership.node();
        this.kind = settings.upstream().kind().name().toLowerCase(Locale.ROOT);
        this.others = new OthersToken(time, kind);
    }

    @Override
    public Future<?> start() {
        if (credentials instanceof UpstreamCredentials.Absent absent
                && settings.upstream().kind() != Settings.UpstreamKind.NONE) {
            if (settings.upstream().required()) {
                return Future.failedFuture(new IllegalStateException(
                        "upstream.required=true, but no credentials can serve: " + absent.reason()));
            }
            log.warn("No upstream token: {}", absent.reason());
        }
        bus = Bus.on(vertx);
        if (ownership.isAlone()) {
            run = Optional.of(begin());
        }
        TokenStream view = new TokenStream(this::report);
        stream = StreamPublisher.open(vertx, time, node, settings.streams(), PLACE, parameters -> view);
        consumers.add(bus.answer(TokenCommands.GetToken.class, asked -> Future.succeededFuture(current())));
        consumers.add(bus.answer(TokenCommands.Refresh.class, this::refresh));
        consumers.add(bus.answer(TokenCommands.RecordUse.class, this::recordUse));
        consumers.add(bus.answerAt(PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(health())));
        Scheduler scheduler = new VertxScheduler(vertx);
        if (!ownership.isAlone()) {
            joinOthers(scheduler);
        }
        ticks = new Ticker(scheduler, TICK, () -> run.isPresent() && hasCredentials(), this::advance);
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .onSuccess(ready -> advance());
    }

    private void joinOthers(Scheduler scheduler) {
        Projection<TokenCommands.Current> holder = Projection.ofOwner(
                bus,
                ownership,
                LeaseName.UPSTREAM,
                new TokenCommands.GetToken(),
                (owner, now) -> hear(now.token()),
                this::away);
        consumers.add(holder.listen());
        consumers.add(bus.subscribe(TokenNews.class, told -> {
            if (told instanceof TokenNews.Changed news && holder.shows(news.node())) {
                hear(news.token());
            }
        }));
        looking = scheduler.every(LOOK, holder::look);
        holder.look();
        ownership.listen(change -> context.runOnContext(turn -> changed(change)));
    }

    private void changed(OwnershipChange change) {
        if (!change.name().equals(LeaseName.UPSTREAM)) {
            return;
        }
        run.map(TokenRun::report).ifPresent(others::told);
        Future<?> unused = end();
        if (change instanceof OwnershipChange.Gained) {
            run = Optional.of(begin());
            advance();
        } else {
            away(node);
        }
    }

    /** The node that has the upstream told of its token. */
    private void hear(TokenReport token) {
        others.told(token);
        showOthers();
    }

    private void away(String owner) {
        others.away(owner);
        showOthers();
    }

    private void showOthers() {
        if (run.isEmpty()) {
            show(others.report());
        }
    }

    @Override
    public Future<?> stop() {
        if (stream == null) {
            return Future.succeededFuture(); // never started
        }
        ticks.cancel();
        looking.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> stream.close())
                .eventually(this::end);
    }

    private Future<?> end() {
        Optional<TokenRun> ending = run;
        run = Optional.empty();
        return ending.map(one -> one.end(notOwned())).orElseGet(Future::succeededFuture);
    }

    /** Degraded while a token that was asked for cannot be used; without an upstream there is none to miss. */
    private HealthCommands.Result health() {
        TokenReport token = report();
        String shown =
                token.state().wire() + token.reason().map(why -> ": " + why).orElse("");
        boolean missed = settings.upstream().kind() != Settings.UpstreamKind.NONE
                && !token.state().usable()
                && !(token.fetchedAt().isPresent() && token.reason().isEmpty());
        return missed ? HealthCommands.Result.degraded(shown) : new HealthCommands.Result(true, shown);
    }

    private boolean hasCredentials() {
        return !(credentials instanceof UpstreamCredentials.Absent);
    }

    private TokenRun begin() {
        return new TokenRun(schedule(), wire, session, metrics, this::mayAct, this::tell);
    }

    private TokenSchedule schedule() {
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        if (credentials instanceof UpstreamCredentials.Absent absent) {
            return TokenSchedule.without(time, settings.token(), kind, absent.reason(), random);
        }
        TokenSchedule schedule = TokenSchedule.begin(time, settings.token(), kind, random);
        return wire.connection().isPresent() ? schedule.withConnection() : schedule;
    }

    private boolean mayAct() {
        return ownership.isAlone() || ownership.fence(LeaseName.UPSTREAM).isPresent();
    }

    private void advance() {
        run.ifPresent(TokenRun::advance);
    }

    private Future<TokenCommands.Current> refresh(TokenCommands.Refresh command) {
        return mine().refresh().map(TokenCommands.Current::new).onSuccess(current -> audit(command, current.token()));
    }

    private Future<TokenCommands.Current> recordUse(TokenCommands.RecordUse command) {
        mine().used();
        log.info("The upstream token was used: {}", command.operation());
        return Future.succeededFuture(current());
    }

    private TokenRun mine() {
        return run.orElseThrow(this::notOwned);
    }

    private FairleadException notOwned() {
        return new NotOwnerException(
                        LeaseName.UPSTREAM, ownership.owner(LeaseName.UPSTREAM).filter(owner -> !owner.equals(node)))
                .refusal();
    }

    private TokenReport report() {
        return run.map(TokenRun::report).orElseGet(others::report);
    }

    private TokenCommands.Current current() {
        return new TokenCommands.Current(report());
    }

    /** This node's token changed. */
    private void tell(TokenReport token) {
        if (show(token)) {
            log(token);
        }
        if (!ownership.isAlone()) {
            bus.publish(TokenNews.class, new TokenNews.Changed(node, token));
        }
    }

    /** Whether more than its last use is new. */
    private boolean show(TokenReport token) {
        stream.publish(token);
        if (token.state() == toldState && token.reason().equals(toldReason)) {
            return false;
        }
        toldState = token.state();
        toldReason = token.reason();
        metrics.state(token.state());
        bus.publish(TokenEvent.class, new TokenEvent.StateChanged(token.state(), token.reason(), time.instant()));
        return true;
    }

    private static void log(TokenReport token) {
        String used = token.lastUsedAt().map(at -> "last used " + at).orElse("never used");
        String age = token.ageSeconds().map(seconds -> seconds + " s old").orElse("none held");
        if (token.reason().isPresent()) {
            log.warn(
                    "Upstream token {} ({}, {}): {}",
                    token.state().wire(),
                    age,
                    used,
                    token.reason().get());
        } else {
            log.info("Upstream token {} ({}, {})", token.state().wire(), age, used);
        }
    }

    private void audit(TokenCommands.Refresh command, TokenReport token) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        command.actor(),
                        "token.refresh",
                        token.kind(),
                        command.address(),
                        token.state().usable() ? "ok" : "failed",
                        token.reason().orElse("")));
    }
}
