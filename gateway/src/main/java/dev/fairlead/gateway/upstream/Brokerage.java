package dev.fairlead.gateway.upstream;

import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where orders go. It never sends anything twice by itself. Answers come on the context of the caller. */
public interface Brokerage {
    /**
     * An order to be placed.
     *
     * @param id what the upstream is told to know it by, and what it is found by again
     * @param limitPrice empty for an order at the market
     */
    record Ticket(UUID id, String symbol, Side side, BigDecimal quantity, Optional<BigDecimal> limitPrice) {}

    /** What became of one attempt to place an order. */
    sealed interface Submission {}

    /** The upstream has it. */
    record Placed(String upstreamId, String status) implements Submission {}

    /**
     * The upstream does not have it and will not have it.
     *
     * @param reason for people, never a secret
     */
    record Declined(String reason) implements Submission {}

    /** Nobody knows: it may have arrived. */
    record Lost(String reason) implements Submission {}

    /**
     * An order in the place of another.
     *
     * @param key what the upstream was told to know the other by
     * @param upstreamId what it calls that one
     * @param next what is in its place; its id is new to the upstream, which may keep to the old one
     */
    record Amendment(UUID key, String upstreamId, Ticket next) {}

    /**
     * An order the upstream has.
     *
     * @param key what it was told to know the order by
     * @param upstreamId what it calls it
     * @param since when it was sent, at the earliest
     * @param ticket as it is now
     */
    record Sought(UUID key, String upstreamId, Instant since, Ticket ticket) {}

    /**
     * What the upstream has of an order.
     *
     * @param status its own word
     * @param filled how much is filled
     * @param averagePrice of what is filled
     * @param reason why it has ended, in its words; empty where it gives none
     */
    record State(
            String upstreamId,
            String status,
            Standing standing,
            BigDecimal filled,
            Optional<BigDecimal> averagePrice,
            Optional<String> reason) {}

    /** What became of one attempt to cancel or to replace an order. */
    sealed interface Instruction {}

    /** The upstream will do so, or has. */
    record Taken() implements Instruction {}

    /**
     * The upstream does not do so: the order works on as it was, or has ended.
     *
     * @param reason for people, never a secret
     */
    record Refused(String reason) implements Instruction {}

    /** Nobody knows: it may have arrived. */
    record Unanswered(String reason) implements Instruction {}

    /** How an order stands at the upstream. */
    enum Standing {
        /** It is there, and not in the market yet. */
        PENDING,
        WORKING,
        FILLED,
        CANCELLED,
        /** The market did not take it. */
        REJECTED
    }

    /** Asks once to cancel an order the upstream has; never fails. */
    Future<Instruction> cancel(UUID key, String upstreamId);

    /** Asks once to put another in the place of an order the upstream has; never fails. */
    Future<Instruction> replace(Amendment amendment);

    /**
     * Asks whether an order was replaced.
     *
     * @return what is in its place; empty where nothing is; fails, with a reason for people, where that could not be
     *     found out
     */
    Future<Optional<Successor>> successor(Amendment amendment, Instant since);

    /**
     * What is in the place of an order that was replaced.
     *
     * @param key what the upstream knows it by from now on
     */
    record Successor(UUID key, State state) {}

    /**
     * Asks what the upstream has of orders.
     *
     * @return one each, in their order; empty where it does not know it (any more); fails, with a reason for people,
     *     where that could not be found out
     */
    Future<List<Optional<State>>> look(List<Sought> orders);

    /**
     * What the account holds.
     *
     * @param quantity below zero for what was sold short
     * @param averagePrice at which it was opened
     * @param mark what one is worth now, as the upstream sees it
     * @param unrealizedPnl what closing it at the mark would gain; empty where that is not told
     * @param realizedPnl what was gained by what of it is closed already; empty where that is not told
     */
    record Position(
            String symbol,
            BigDecimal quantity,
            Optional<BigDecimal> averagePrice,
            Optional<BigDecimal> mark,
            Optional<BigDecimal> unrealizedPnl,
            Optional<BigDecimal> realizedPnl) {
        /** One whose gains the upstream does not tell. */
        public Position(
                String symbol, BigDecimal quantity, Optional<BigDecimal> averagePrice, Optional<BigDecimal> mark) {
            this(symbol, quantity, averagePrice, mark, Optional.empty(), Optional.empty());
        }
    }

    /**
     * A sum of the account's.
     *
     * @param name what it is: {@code cash_balance}, {@code net_liquidating_value}, …
     */
    record Balance(String name, String currency, BigDecimal amount) {}

    /** What the account holds; fails, with a reason for people, where that could not be found out. */
    Future<List<Position>> positions();

    /** What the account has; fails, with a reason for people, where that could not be found out. */
    Future<List<Balance>> balances();

    /** Whether the upstream's token is used to reach it. */
    default boolean usesToken() {
        return true;
    }

    /** How often what the upstream has of an order may be looked at. */
    default Duration lookPeriod() {
        return Duration.ofSeconds(2);
    }

    /**
     * Tells from now on when something may have become of an order, where the upstream says so by itself.
     *
     * @param told from whatever thread the news come on
     */
    default void onNews(Runnable told) {}

    /** What the upstream's own word for an order's status means. */
    Standing standing(String status);

    /**
     * Why the upstream cannot replace an order so; empty where it can.
     *
     * @param filled how much of it is filled
     */
    default Optional<String> refusesToReplace(Ticket order, Ticket next, BigDecimal filled) {
        return Optional.empty();
    }

    /** Why no order for a symbol can be placed there at all; empty where it can. */
    default Optional<String> refuses(String symbol) {
        return Optional.empty();
    }

    /** Sends the order once; never fails. */
    Future<Submission> submit(Ticket ticket);

    /**
     * Asks whether the upstream has, or had, the order.
     *
     * @param since when it was sent, at the earliest
     * @return {@link Placed}, {@link Declined} where the upstream knows it and has refused it, or nothing where it does
     *     not know it; fails, with a reason for people, where that could not be found out
     */
    Future<Optional<Submission>> find(UUID id, Instant since);
}
