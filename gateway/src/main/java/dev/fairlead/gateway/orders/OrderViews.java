package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Shows orders, and what is to be known to decide on them. */
final class OrderViews {
    private final TimeSource time;
    private final OrderDesk desk;
    private final OrderRepository repository;
    private final MarketPrices prices;
    private final DayLimits limits;
    private final Duration confirmLife;

    /** @param confirmLife how long an order waits for a person */
    OrderViews(
            TimeSource time,
            OrderDesk desk,
            OrderRepository repository,
            MarketPrices prices,
            DayLimits limits,
            Duration confirmLife) {
        this.time = time;
        this.desk = desk;
        this.repository = repository;
        this.prices = prices;
        this.limits = limits;
        this.confirmLife = confirmLife;
    }

    Future<OrderCommands.Found> get(OrderCommands.Get command) {
        return desk.find(command.orderId())
                .compose(order -> repository.history(order.id()).compose(history -> facts(order)
                        .map(facts -> new OrderCommands.Found(order.summary(), history, facts))));
    }

    private Future<Optional<OrderFacts>> facts(Order order) {
        if (!OrderFacts.matter(order)) {
            return Future.succeededFuture(Optional.empty());
        }
        return today(order).compose(today -> prices.shown(order.asked().symbol())
                .map(quote -> Optional.of(OrderFacts.of(order, quote, today, time.instant(), confirmLife))));
    }

    private Future<Optional<OrderFacts.Today>> today(Order order) {
        return limits.bind()
                ? repository.today(order, time.instant()).map(limits::leaves).map(Optional::of)
                : Future.succeededFuture(Optional.empty());
    }
}
