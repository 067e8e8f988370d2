package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.PrivateConnection;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.gateway.upstream.UpstreamWire;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstream's token for as long as this node has the upstream: asks for it when the schedule says so, and connects
 * with it. Confined to one context.
 */
final class TokenRun {
    private static final Logger log = LoggerFactory.getLogger(TokenRun.class);

    private final TokenSchedule schedule;
    private final UpstreamWire wire;
    private final UpstreamSession session;
    private final TokenMetrics metrics;
    private final BooleanSupplier mayAct;
    private final Consumer<TokenReport> news;
    private final List<Promise<TokenReport>> waiting = new ArrayList<>();
    private boolean ended;

    /**
     * Asks for nothing before {@link #advance}.
     *
     * @param session told of each token, for those on this node that make authenticated calls
     * @param mayAct whether this node has the upstream still, by its own clock
     * @param news told of each change, in order
     */
    TokenRun(
            TokenSchedule schedule,
            UpstreamWire wire,
            UpstreamSession session,
            TokenMetrics metrics,
            BooleanSupplier mayAct,
            Consumer<TokenReport> news) {
        this.schedule = schedule;
        this.wire = wire;
        this.session = session;
        this.metrics = metrics;
        this.mayAct = mayAct;
        this.news = news;
    }

    TokenReport report() {
        return schedule.report();
    }

    /** Lets time have its effect; to be called every so often. */
    void advance() {
        if (ended || !mayAct.getAsBoolean()) {
            return;
        }
        schedule.tick();
        if (wire.tokens().isPresent() && schedule.takeFetch()) {
            wire.tokens().get().fetch().onComplete(this::fetched);
        }
        if (wire.connection().isPresent() && session.token().isPresent() && schedule.takeConnect()) {
            connect(wire.connection().get(), session.token().get());
        }
        for (TokenReport token : schedule.takeNews()) {
            if (token.state() == TokenState.UNAVAILABLE) {
                session.ended();
            }
            news.accept(token);
        }
    }

    /** A new token, or that it did not come about; joins the fetch that is under way. */
    Future<TokenReport> refresh() {
        if (!schedule.hasCredentials()) {
            throw new FairleadException(
                    ErrorCode.TOKEN_UNAVAILABLE,
                    "There is no upstream token to renew: "
                            + schedule.report().reason().orElse(""));
        }
        Promise<TokenReport> renewed = Promise.promise();
        waiting.add(renewed);
        schedule.refresh();
        advance();
        return renewed.future();
    }

    void used() {
        schedule.used();
        advance();
    }

    /**
     * This node has the upstream no more: its token is used no more, and whatever is under way changes nothing.
     *
     * @param why told to those who wait for a token
     */
    Future<Void> end(FairleadException why) {
        ended = true;
        session.ended();
        List<Promise<TokenReport>> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(promise -> promise.fail(why));
        return wire.connection().map(PrivateConnection::close).orElseGet(Future::succeededFuture);
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
        if (ended) {
            return;
        }
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
        List<Promise<TokenReport>> served = List.copyOf(waiting);
        waiting.clear();
        served.forEach(promise -> promise.complete(report()));
    }
}
