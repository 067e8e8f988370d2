package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.market.MarketCommands;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.Quote;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Takes orders and what people say to them: priced, judged, stored, answered. */
final class OrderDesk {
    private static final int MOST_REASON = 200;

    private final Bus bus;
    private final TimeSource time;
    private final Orders orders;
    private final OrderRepository repository;
    private final DayLimits limits;
    private final boolean hasUpstream;
    private final Consumer<Order> happened;

    /** @param happened told of every order that was stored here in another status */
    OrderDesk(
            Bus bus,
            TimeSource time,
            Orders orders,
            OrderRepository repository,
            DayLimits limits,
            boolean hasUpstream,
            Consumer<Order> happened) {
        this.bus = bus;
        this.time = time;
        this.orders = orders;
        this.repository = repository;
        this.limits = limits;
        this.hasUpstream = hasUpstream;
        this.happened = happened;
    }

    Future<OrderCommands.Submitted> submit(OrderCommands.Submit command) {
        NewOrder asked = NewOrder.of(command);
        return repository
                .find(asked.submitter(), asked.clientOrderId())
                .compose(known -> known.map(order -> answer(asked, order)).orElseGet(() -> take(asked, command)))
                .onFailure(refusal -> audit(
                        asked.submitter(),
                        "order.submit",
                        asked.clientOrderId(),
                        command.address(),
                        "refused",
                        Bus.refusal(refusal).getMessage()));
    }

    private Future<OrderCommands.Submitted> take(NewOrder asked, OrderCommands.Submit command) {
        requireOpen();
        orders.count(asked);
        return quote(asked).compose(quote -> {
            requireOpen(); // the quote took its time
            Order order = orders.judge(asked, quote);
            return repository.admit(order, limits, orders::refuse).compose(added -> {
                if (added.isEmpty()) {
                    return repository
                            .find(asked.submitter(), asked.clientOrderId())
                            .compose(known -> answer(asked, known.orElseThrow()));
                }
                Order kept = added.get();
                orders.take(kept);
                audit(
                        asked.submitter(),
                        "order.submit",
                        kept.id().toString(),
                        command.address(),
                        kept.status() == OrderStatus.REJECTED ? "refused" : "ok",
                        describe(asked));
                happened.accept(kept);
                return Future.succeededFuture(new OrderCommands.Submitted(kept.summary(), false));
            });
        });
    }

    /** The same again is the same order; anything else under its id is a mistake of the client. */
    private static Future<OrderCommands.Submitted> answer(NewOrder asked, Order known) {
        return known.asked().equals(asked)
                ? Future.succeededFuture(new OrderCommands.Submitted(known.summary(), true))
                : Future.failedFuture(new FairleadException(
                        ErrorCode.CONFLICT,
                        "client_order_id '" + asked.clientOrderId()
                                + "' stands for another order already; take a new one"));
    }

    Future<OrderCommands.Decided> decide(OrderCommands.Decide command) {
        return find(command.orderId())
                .compose(waiting -> {
                    if (waiting.status() != OrderStatus.NEEDS_CONFIRMATION) {
                        throw notWaiting(waiting);
                    }
                    return decided(waiting, command).compose(next -> repository
                            .admit(waiting, next, limits, orders::refuse)
                            .compose(kept -> kept.map(Future::succeededFuture).orElseGet(() -> changed(waiting.id()))));
                })
                .map(next -> {
                    orders.take(next);
                    audit(
                            command.actor(),
                            command.decision() == OrderCommands.Decision.CONFIRM ? "order.confirm" : "order.reject",
                            next.id().toString(),
                            command.address(),
                            "ok",
                            next.reason().orElse(""));
                    happened.accept(next);
                    return new OrderCommands.Decided(next.summary());
                });
    }

    private Future<Order> decided(Order waiting, OrderCommands.Decide command) {
        if (command.decision() == OrderCommands.Decision.REJECT) {
            return Future.succeededFuture(
                    orders.reject(waiting, command.reason().map(OrderDesk::oneLine)));
        }
        requireOpen();
        return quote(waiting.asked()).map(quote -> {
            requireOpen();
            return orders.confirm(waiting, quote);
        });
    }

    Future<OrderCommands.Decided> cancel(OrderCommands.Cancel command) {
        return named(command).compose(order -> {
            Optional<Order> next = orders.cancel(order);
            if (next.isEmpty()) {
                return Future.succeededFuture(new OrderCommands.Decided(order.summary()));
            }
            if (next.get().status() == OrderStatus.CANCELLING) {
                requireOpen();
            }
            return repository.change(order, next.get()).map(kept -> {
                if (!kept) {
                    throw new FairleadException(
                            ErrorCode.INVALID_STATE, "The order has just become another; look at it and try again");
                }
                orders.cancelled(next.get());
                audit(
                        command.actor(),
                        "order.cancel",
                        order.id().toString(),
                        command.address(),
                        "ok",
                        describe(order.asked()));
                happened.accept(next.get());
                return new OrderCommands.Decided(next.get().summary());
            });
        });
    }

    private Future<Order> named(OrderCommands.Cancel command) {
        return command.agent()
                .map(agent -> repository
                        .find(NewOrder.submitter(agent), command.order())
                        .map(found -> found.orElseThrow(() -> new FairleadException(
                                ErrorCode.ORDER_NOT_FOUND,
                                "You have placed no order with client_order_id '" + Names.shown(command.order())
                                        + "'"))))
                .orElseGet(() -> find(command.order()));
    }

    private Future<Order> changed(UUID id) {
        return repository.find(id).compose(now -> Future.failedFuture(notWaiting(now.orElseThrow())));
    }

    Future<OrderCommands.Found> get(OrderCommands.Get command) {
        return find(command.orderId()).compose(order -> repository
                .history(order.id())
                .map(history -> new OrderCommands.Found(order.summary(), history)));
    }

    private Future<Order> find(String id) {
        return uuid(id).map(repository::find)
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .map(found -> found.orElseThrow(() -> new FairleadException(
                        ErrorCode.ORDER_NOT_FOUND,
                        "No order '" + Names.shown(id) + "'; fairlead orders ls shows those there are")));
    }

    private void requireOpen() {
        orders.requireOpen();
        if (!hasUpstream) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN,
                    "There is no upstream account to place orders with; set orders.account and see fairlead doctor");
        }
    }

    /**
     * The price the market takes now, where the order needs one; where one would only say more, it may be missing.
     * Fails with {@code quote_unavailable}.
     */
    private Future<Optional<BigDecimal>> quote(NewOrder asked) {
        if (!RiskGuard.wantsQuote(asked)) {
            return Future.succeededFuture(Optional.empty());
        }
        return quoted(asked.symbol())
                .map(quote -> (asked.side().buys() ? quote.ask() : quote.bid()).or(quote::mid))
                .otherwise(Optional.empty())
                .map(price -> {
                    if (price.isEmpty() && RiskGuard.needsQuote(asked)) {
                        throw new FairleadException(
                                ErrorCode.QUOTE_UNAVAILABLE,
                                "No quote of " + asked.symbol()
                                        + " to judge an order at the market by; give a limit, or try again");
                    }
                    return price;
                });
    }

    private Future<Quote> quoted(String symbol) {
        return bus.request(new MarketCommands.GetQuotes(List.of(symbol)))
                .map(found -> found.quotes().get(0));
    }

    private void audit(String actor, String action, String target, String address, String outcome, String detail) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(time.instant(), actor, action, target, address, outcome, detail));
    }

    private static String describe(NewOrder asked) {
        return asked.side().wire() + " " + asked.quantity().toPlainString() + " " + asked.symbol() + " "
                + asked.limitPrice().map(price -> "at " + price.toPlainString()).orElse("at the market");
    }

    private static FairleadException notWaiting(Order order) {
        return new FairleadException(
                ErrorCode.INVALID_STATE,
                "The order is " + order.status().wire() + "; only one that needs confirmation waits for a person");
    }

    private static String oneLine(String reason) {
        StringBuilder shown = new StringBuilder();
        reason.codePoints()
                .limit(MOST_REASON)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString().strip();
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
