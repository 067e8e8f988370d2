package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TraceParent;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Takes orders and what people say to them: priced, judged, stored, answered. */
final class OrderDesk {
    private static final int MOST_REASON = 200;

    private final Bus bus;
    private final TimeSource time;
    private final OrderIntake intake;
    private final Orders orders;
    private final MarketPrices prices;
    private final OrderRepository repository;
    private final DayLimits limits;
    private final boolean hasUpstream;
    private final OrderMode mode;
    private final Consumer<Order> kept;

    /** @param kept told of every order that was stored here as it is now */
    OrderDesk(
            Bus bus,
            TimeSource time,
            OrderIntake intake,
            Orders orders,
            MarketPrices prices,
            OrderRepository repository,
            DayLimits limits,
            boolean hasUpstream,
            OrderMode mode,
            Consumer<Order> kept) {
        this.bus = bus;
        this.time = time;
        this.intake = intake;
        this.orders = orders;
        this.prices = prices;
        this.repository = repository;
        this.limits = limits;
        this.hasUpstream = hasUpstream;
        this.mode = mode;
        this.kept = kept;
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
        intake.count(asked);
        return prices.of(asked).compose(quote -> {
            requireOpen(); // the quote took its time
            Order order = intake.judge(asked, quote);
            return repository.admit(order, limits, intake::refuse).compose(added -> {
                if (added.isEmpty()) {
                    return repository
                            .find(asked.submitter(), asked.clientOrderId())
                            .compose(known -> answer(asked, known.orElseThrow()));
                }
                Order stored = added.get();
                audit(
                        asked.submitter(),
                        "order.submit",
                        stored.id().toString(),
                        command.address(),
                        stored.status() == OrderStatus.REJECTED ? "refused" : "ok",
                        describe(asked));
                kept.accept(stored);
                return Future.succeededFuture(new OrderCommands.Submitted(stored.summary(), false));
            });
        });
    }

    /** The same again is the same order; anything else under its id is a mistake of the client. */
    private Future<OrderCommands.Submitted> answer(NewOrder asked, Order known) {
        return known.asked().isSameAs(asked) && known.mode() == mode
                ? Future.succeededFuture(new OrderCommands.Submitted(known.summary(), true))
                : Future.failedFuture(new FairleadException(
                        ErrorCode.CONFLICT,
                        "client_order_id '" + asked.clientOrderId()
                                + "' stands for another order"
                                + (known.mode() == mode
                                        ? ""
                                        : ", on " + known.mode().wire() + ",")
                                + " already; take a new one"));
    }

    Future<OrderCommands.Decided> decide(OrderCommands.Decide command) {
        return find(command.orderId())
                .compose(waiting -> {
                    if (command.decision() == OrderCommands.Decision.CONFIRM) {
                        requireSameMode(waiting);
                    }
                    if (waiting.status() != OrderStatus.NEEDS_CONFIRMATION && !waiting.asksToBeReplaced()) {
                        throw notWaiting(waiting);
                    }
                    OrderRepository.Rejection rejection = waiting.asksToBeReplaced()
                            ? (order, why) -> {
                                throw OrderIntake.refused(why);
                            }
                            : intake::refuse;
                    return decided(waiting, command).compose(next -> repository
                            .admit(waiting, next, limits, rejection)
                            .compose(stored ->
                                    stored.map(Future::succeededFuture).orElseGet(() -> changed(waiting.id()))));
                })
                .map(next -> {
                    audit(
                            command.actor(),
                            command.decision() == OrderCommands.Decision.CONFIRM ? "order.confirm" : "order.reject",
                            next.id().toString(),
                            command.address(),
                            "ok",
                            next.reason().orElse(""));
                    kept.accept(next);
                    return new OrderCommands.Decided(next.summary());
                });
    }

    private Future<Order> decided(Order waiting, OrderCommands.Decide command) {
        if (command.decision() == OrderCommands.Decision.REJECT) {
            return Future.succeededFuture(
                    intake.reject(waiting, command.reason().map(OrderDesk::oneLine)));
        }
        requireOpen();
        NewOrder asked = waiting.replacement()
                .map(next -> waiting.asked().on(next.terms()))
                .orElse(waiting.asked());
        return prices.of(asked).map(quote -> {
            requireOpen();
            return intake.confirm(waiting.confirmedIn(TraceParent.of(command.traceparent())), quote);
        });
    }

    private Future<Order> changed(UUID id) {
        return repository.find(id).compose(now -> Future.failedFuture(notWaiting(now.orElseThrow())));
    }

    /**
     * What is meant for paper is never sent, and what is in the market is not filled on paper.
     *
     * @throws FairleadException {@code invalid_state} where it is of another mode than orders are now
     */
    void requireSameMode(Order order) {
        if (order.mode() != mode) {
            throw new FairleadException(
                    ErrorCode.INVALID_STATE,
                    "The order is a " + order.mode().wire() + " one: it is looked after by a gateway with orders.mode="
                            + order.mode().wire());
        }
    }

    /** What is stored of an order is what it is now: told to all. */
    void kept(Order order) {
        kept.accept(order);
    }

    Future<Order> find(String id) {
        return uuid(id).map(repository::find)
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .map(found -> found.orElseThrow(() -> new FairleadException(
                        ErrorCode.ORDER_NOT_FOUND,
                        "No order '" + Names.shown(id) + "'; fairlead orders ls shows those there are")));
    }

    /** @throws FairleadException where no order can be placed now */
    void requireOpen() {
        intake.requireOpen(orders.token(), orders.open());
        if (!hasUpstream) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN,
                    "There is no upstream account to place orders with; set orders.account and see fairlead doctor");
        }
    }

    void audit(String actor, String action, String target, String address, String outcome, String detail) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(time.instant(), actor, action, target, address, outcome, detail));
    }

    static String describe(NewOrder asked) {
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
