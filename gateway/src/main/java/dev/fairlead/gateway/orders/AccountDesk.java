package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the account holds and has, asked of the upstream once however many want to know. On one event loop. */
final class AccountDesk {
    /** Upstreams count the calls of an account, and pages ask again and again. */
    private static final Duration HELD_FOR = Duration.ofSeconds(5);

    private final TimeSource time;
    private final OrderMode mode;
    private final Supplier<TokenState> token;
    private final Optional<Brokerage> brokerage;
    private final Held<OrderCommands.Positions> positions = new Held<>();
    private final Held<OrderCommands.Balances> balances = new Held<>();

    private static final class Held<T> {
        private Optional<Future<T>> answer = Optional.empty();
        private long askedAt;
    }

    AccountDesk(TimeSource time, OrderMode mode, Supplier<TokenState> token, Optional<Brokerage> brokerage) {
        this.time = time;
        this.mode = mode;
        this.token = token;
        this.brokerage = brokerage;
    }

    Future<OrderCommands.Positions> positions(OrderCommands.GetPositions command) {
        return held(positions, upstream -> {
            Instant now = time.instant();
            return upstream.positions().map(all -> new OrderCommands.Positions(all, now, mode));
        });
    }

    Future<OrderCommands.Balances> balances(OrderCommands.GetBalances command) {
        return held(balances, upstream -> {
            Instant now = time.instant();
            return upstream.balances().map(all -> new OrderCommands.Balances(all, now, mode));
        });
    }

    /** Something was filled: what was held is no longer so. */
    void forget() {
        positions.answer = Optional.empty();
        balances.answer = Optional.empty();
    }

    private <T> Future<T> held(Held<T> held, Function<Brokerage, Future<T>> ask) {
        boolean fresh = time.nanos() - held.askedAt < HELD_FOR.toNanos();
        if (held.answer
                .filter(answer -> !answer.isComplete() || (fresh && answer.succeeded()))
                .isPresent()) {
            return held.answer.get();
        }
        Brokerage upstream = brokerage.orElseThrow(() -> new FairleadException(
                ErrorCode.FORBIDDEN,
                "There is no upstream account to look at; set upstream.kind and orders.account, see fairlead doctor"));
        if (!token.get().usable()) {
            throw new FairleadException(
                    ErrorCode.TOKEN_UNAVAILABLE,
                    "The upstream token is " + token.get().wire() + ", so that nothing can be asked; see /api/token");
        }
        held.askedAt = time.nanos();
        Future<T> asked = ask.apply(upstream)
                .recover(failure -> Future.failedFuture(
                        new FairleadException(ErrorCode.UPSTREAM_UNAVAILABLE, failure.getMessage())));
        held.answer = Optional.of(asked);
        return asked;
    }
}
