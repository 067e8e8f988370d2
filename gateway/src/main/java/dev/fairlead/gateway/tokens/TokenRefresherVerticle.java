package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.PrivateConnection;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.gateway.upstream.UpstreamWire;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

/** Wires the upstream's token: asks for it when the schedule says so, tells everybody what becomes of it. */
public final class TokenRefresherVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(TokenRefresherVerticle.class);
    private static final String PLACE = "token";
    private static final Duration TICK = Duration.ofMillis(100);

    private final Settings settings;
    private final UpstreamCredentials credentials;
    private final UpstreamSession session;
    private final UpstreamWire wire;
    private final TimeSource time;
    private final TokenMetrics metrics;
    private final String node;
    private final TokenSchedule schedule;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Promise<TokenCommands.Current>> waiting = new ArrayList<>();
    private Bus bus;
    private StreamPublisher<TokenReport> stream;
    private Ticker ticks; // null until it has started
    private TokenState toldState = TokenState.UNAVAILABLE;
    private Optional<String> toldReason = Optional.empty();

    /** @param session told of each token, for those on this node that make authenticated calls */
    public TokenRefresherVerticle(
            Settings settings,
            UpstreamCredentials credentials,
            UpstreamSession session,
            UpstreamWire wire,
            TimeSource time,
            MeterRegistry registry,
            String node) {
        this.settings = settings;
        this.credentials = credentials;
        this.session = session;
        this.wire = wire;
        this.time = time;
        this.metrics = new TokenMetrics(registry);
        this.node = node;
        this.schedule = schedule();
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
        TokenStream view = new TokenStream(schedule);
        stream = StreamPublisher.open(vertx, time, node, settings.streams(), PLACE, parameters -> view);
        consumers.add(bus.answer(TokenCommands.GetToken.class, asked -> Future.succeededFuture(current())));
        consumers.add(bus.answer(TokenCommands.Refresh.class, this::refresh));
        consumers.add(bus.answer(TokenCommands.RecordUse.class, this::recordUse));
        consumers.add(bus.answerAt(PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(health())));
        ticks = new Ticker(new VertxScheduler(vertx), TICK, schedule::hasCredentials, this::advance);
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .onSuccess(ready -> advance());
    }

    @Override
    public Future<?> stop() {
        if (stream == null) {
            return Future.succeededFuture(); // never started
        }
        ticks.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> stream.close())
                .eventually(
                        () -> wire.connection().map(PrivateConnection::close).orElseGet(Future::succeededFuture));
    }

    /** Degraded while a token that was asked for cannot be used; without an upstream there is none to miss. */
    private HealthCommands.Result health() {
        TokenReport token = schedule.report();
        String shown =
                token.state().wire() + token.reason().map(why -> ": " + why).orElse("");
        boolean missed = settings.upstream().kind() != Settings.UpstreamKind.NONE
                && !token.state().usable()
                && !(schedule.holdsToken() && token.reason().isEmpty());
        return missed ? HealthCommands.Result.degraded(shown) : new HealthCommands.Result(true, shown);
    }

    private TokenSchedule schedule() {
        String kind = settings.upstream().kind().name().toLowerCase(Locale.ROOT);
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        if (credentials instanceof UpstreamCredentials.Absent absent) {
            return TokenSchedule.without(time, settings.token(), kind, absent.reason(), random);
        }
        TokenSchedule schedule = TokenSchedule.begin(time, settings.token(), kind, random);
        return wire.connection().isPresent() ? schedule.withConnection() : schedule;
    }

    private void advance() {
        schedule.tick();
        if (wire.tokens().isPresent() && schedule.takeFetch()) {
            wire.tokens().get().fetch().onComplete(this::fetched);
        }
        if (wire.connection().isPresent() && session.token().isPresent() && schedule.takeConnect()) {
            connect(wire.connection().get(), session.token().get());
        }
        schedule.takeNews().forEach(this::tell);
    }

    private void connect(PrivateConnection connection, Secret token) {
        connection
                .open(token, why -> {
                    schedule.connectionLost("the private connection was lost: " + why);
                    advance();
                })
                .onComplete(done -> {
                    if (done.succeeded()) {
                        log.info("The upstream's private connection is up");
                        schedule.connected();
                    } else {
                        schedule.notConnected(
                                Optional.ofNullable(done.cause().getMessage())
                                        .orElse("the private connection did not come about"),
                                done.cause() instanceof PrivateConnection.TokenNotAccepted);
                    }
                    advance();
                });
    }

    private void fetched(AsyncResult<TokenGrant> done) {
        if (done.succeeded()) {
            metrics.granted();
            session.renewed(done.result().token());
            schedule.fetched(done.result().life());
        } else if (done.cause() instanceof TokenRefusal refusal && refusal.isTerminal()) {
            metrics.refused();
            schedule.refused(refusal.getMessage());
        } else if (done.cause() instanceof TokenRefusal refusal) {
            metrics.failed();
            schedule.failed(refusal.getMessage(), refusal.retryAfter());
        } else {
            metrics.failed();
            log.error("Fetching the upstream token failed", done.cause());
            schedule.failed("internal error; the gateway's log has the details", Optional.empty());
        }
        advance();
        List<Promise<TokenCommands.Current>> served = List.copyOf(waiting);
        waiting.clear();
        served.forEach(promise -> promise.complete(current()));
    }

    private Future<TokenCommands.Current> refresh(TokenCommands.Refresh command) {
        if (!schedule.hasCredentials()) {
            throw new FairleadException(
                    ErrorCode.TOKEN_UNAVAILABLE,
                    "There is no upstream token to renew: "
                            + schedule.report().reason().orElse(""));
        }
        Promise<TokenCommands.Current> renewed = Promise.promise();
        waiting.add(renewed);
        schedule.refresh();
        advance();
        return renewed.future().onSuccess(current -> audit(command, current.token()));
    }

    private Future<TokenCommands.Current> recordUse(TokenCommands.RecordUse command) {
        schedule.used();
        log.info("The upstream token was used: {}", command.operation());
        advance();
        return Future.succeededFuture(current());
    }

    private TokenCommands.Current current() {
        return new TokenCommands.Current(schedule.report());
    }

    private void tell(TokenReport token) {
        stream.publish(token);
        if (token.state() == toldState && token.reason().equals(toldReason)) {
            return; // only its last use is new
        }
        toldState = token.state();
        toldReason = token.reason();
        metrics.state(token.state());
        if (token.state() == TokenState.UNAVAILABLE) {
            session.ended();
        }
        log(token);
        bus.publish(TokenEvent.class, new TokenEvent.StateChanged(token.state(), token.reason(), time.instant()));
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
