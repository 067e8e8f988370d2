package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.OrderStatus;
import io.vertx.core.Future;
import java.util.Optional;

/** Takes what is to become of orders that are there: cancelled, or replaced. */
final class OrderChanges {
    private final OrderDesk desk;
    private final OrderIntake intake;
    private final MarketPrices prices;
    private final OrderRepository repository;
    private final DayLimits limits;
    private final Optional<Brokerage> brokerage;

    OrderChanges(
            OrderDesk desk,
            OrderIntake intake,
            MarketPrices prices,
            OrderRepository repository,
            DayLimits limits,
            Optional<Brokerage> brokerage) {
        this.desk = desk;
        this.intake = intake;
        this.prices = prices;
        this.repository = repository;
        this.limits = limits;
        this.brokerage = brokerage;
    }

    Future<OrderCommands.Decided> cancel(OrderCommands.Cancel command) {
        return named(command.agent(), command.order()).compose(order -> {
            Optional<Order> next = intake.cancel(order);
            if (next.isEmpty()) {
                return Future.succeededFuture(new OrderCommands.Decided(order.summary()));
            }
            if (next.get().status() == OrderStatus.CANCELLING) {
                desk.requireSameMode(order);
                desk.requireOpen();
            }
            return repository.change(order, next.get()).map(kept -> {
                if (!kept) {
                    throw changed();
                }
                return told(next.get(), command.actor(), "order.cancel", command.address());
            });
        });
    }

    /**
     * Cancels what an agent that is gone has left; where the upstream cannot be told now, it is as soon as it can be.
     * What has become another meanwhile is left alone.
     */
    Future<Boolean> abandon(Order order) {
        return intake.cancel(order)
                .map(next -> next.because("its agent went offline: orders.on_agent_lost=cancel"))
                .map(next -> repository.change(order, next).map(kept -> {
                    if (kept) {
                        told(next, "gateway", "order.cancel", "");
                    }
                    return kept;
                }))
                .orElseGet(() -> Future.succeededFuture(true));
    }

    Future<OrderCommands.Decided> replace(OrderCommands.Replace command) {
        return named(command.agent(), command.order()).compose(order -> {
            desk.requireSameMode(order);
            Terms wanted = wanted(command, order);
            desk.requireOpen();
            return prices.of(order.asked().on(wanted)).compose(quote -> {
                desk.requireOpen(); // the quote took its time
                Optional<Order> next = intake.replace(order, wanted, quote);
                if (next.isEmpty()) {
                    return Future.succeededFuture(new OrderCommands.Decided(order.summary()));
                }
                requireReplaceable(order, next.get());
                intake.count(order.asked());
                return repository
                        .admit(order, next.get(), limits, (refused, why) -> {
                            throw OrderIntake.refused(why);
                        })
                        .map(kept -> told(
                                kept.orElseThrow(OrderChanges::changed),
                                command.actor(),
                                "order.replace",
                                command.address()));
            });
        });
    }

    private static Terms wanted(OrderCommands.Replace command, Order order) {
        if (command.quantity().isEmpty() && command.limitPrice().isEmpty()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "A replacement names 'quantity', 'limit_price' or both as they are to be");
        }
        if (command.limitPrice().isPresent() && order.terms().limitPrice().isEmpty()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "An order at the market has no 'limit_price'; cancel it and place another");
        }
        return new Terms(
                command.quantity()
                        .map(quantity -> NewOrder.positive("quantity", quantity))
                        .orElse(order.terms().quantity()),
                command.limitPrice()
                        .map(price -> NewOrder.positive("limit_price", price))
                        .or(() -> order.terms().limitPrice()));
    }

    private void requireReplaceable(Order order, Order next) {
        Brokerage.Ticket wanted = next.amendment().next();
        brokerage
                .flatMap(upstream -> upstream.refusesToReplace(
                        order.ticket(), wanted, order.upstream().filled()))
                .ifPresent(why -> {
                    throw OrderIntake.refused(why);
                });
    }

    private OrderCommands.Decided told(Order next, String actor, String action, String address) {
        desk.audit(
                actor,
                action,
                next.id().toString(),
                address,
                "ok",
                OrderDesk.describe(next.asked())
                        + next.replacement()
                                .map(to -> ", replaced by " + to.terms().inWords())
                                .orElse(""));
        desk.kept(next);
        return new OrderCommands.Decided(next.summary());
    }

    private Future<Order> named(Optional<String> agent, String order) {
        return agent.map(name -> repository
                        .find(NewOrder.submitter(name), order)
                        .map(found -> found.orElseThrow(() -> new FairleadException(
                                ErrorCode.ORDER_NOT_FOUND,
                                "You have placed no order with client_order_id '" + Names.shown(order) + "'"))))
                .orElseGet(() -> desk.find(order));
    }

    private static FairleadException changed() {
        return new FairleadException(
                ErrorCode.INVALID_STATE, "The order has just become another; look at it and try again");
    }
}
