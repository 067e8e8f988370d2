package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Orders on a clock that tests move, and an upstream that says what they want it to. */
abstract class OrdersOnAClock {
    final ManualTime time = new ManualTime();
    private final Transitions transitions = new Transitions(time, new SplittableRandom(3), "node-1", OrderMode.LIVE);
    final Orders orders = orders();
    final OrderIntake intake = intake("orders.enabled=true", "orders.confirm=never");
    private int clientIds;

    OrderIntake intake(String... settings) {
        return new OrderIntake(settings(settings), time, transitions, symbol -> Optional.empty());
    }

    private static Settings.Orders settings(String... settings) {
        List<String> all = new ArrayList<>(List.of("upstream.kind=simulator"));
        all.addAll(List.of(settings));
        return Settings.of(all.toArray(String[]::new)).orders();
    }

    Orders orders() {
        Orders made = new Orders(time, new SplittableRandom(4), transitions);
        made.token(TokenState.VALID);
        return made;
    }

    NewOrder asked() {
        return NewOrder.of(new OrderCommands.Submit(
                Optional.of("agent-1"),
                "o-" + ++clientIds,
                "AAPL",
                "buy",
                BigDecimal.ONE,
                "limit",
                Optional.of(BigDecimal.TEN),
                ""));
    }

    Order approved() {
        Order order = intake.judge(asked(), Optional.empty());
        orders.stored(order);
        return order;
    }

    /** The one thing that is to be done; nothing else is. */
    <T extends Orders.Work> T only(Class<T> type) {
        List<Orders.Work> work = orders.takeWork();
        assertThat(work).hasSize(1);
        return type.cast(work.get(0));
    }

    Order store(OrderStatus expected) {
        Order next = only(Orders.Store.class).next();
        assertThat(next.status()).isEqualTo(expected);
        orders.stored(next);
        return next;
    }

    /** An order that was just sent. */
    Order sent() {
        approved();
        store(OrderStatus.SUBMITTING);
        return only(Orders.Send.class).order();
    }

    Order unknown() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Lost("no answer"));
        return store(OrderStatus.UNKNOWN);
    }
}
