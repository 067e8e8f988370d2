package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When the upstream is asked about the orders it has, and what its answers mean. */
class LiveOrdersTest {
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final ManualTime time = new ManualTime();
    private final Transitions transitions = new Transitions(time, new SplittableRandom(3), "node-1", OrderMode.LIVE);
    private final LiveOrders live = new LiveOrders(time, transitions, PERIOD);
    private int clientIds;

    private Order submitted() {
        NewOrder asked = NewOrder.of(new OrderCommands.Submit(
                Optional.of("agent-1"),
                "o-" + ++clientIds,
                "AAPL",
                "buy",
                BigDecimal.TEN,
                "limit",
                Optional.of(BigDecimal.TEN),
                ""));
        Order received = transitions.received(asked);
        return transitions
                .to(received, OrderStatus.SUBMITTED, Optional.empty())
                .known(received.upstream().called("u-" + clientIds, "Routed"));
    }

    private static Optional<Brokerage.State> state(Order order, Brokerage.Standing standing, int filled) {
        return Optional.of(new Brokerage.State(
                order.upstreamId().orElseThrow(),
                "Live",
                standing,
                BigDecimal.valueOf(filled),
                filled > 0 ? Optional.of(BigDecimal.TEN) : Optional.empty(),
                Optional.empty()));
    }

    @Test
    void an_order_is_asked_about_again_and_again_and_stored_where_something_has_become_of_it() {
        Order order = submitted();
        live.stored(order);
        assertThat(live.takeQuestion()).isEmpty();
        time.advance(PERIOD);
        assertThat(live.takeQuestion()).containsExactly(order);
        assertThat(live.takeQuestion()).isEmpty();

        Order working = live.answered(List.of(order), List.of(state(order, Brokerage.Standing.WORKING, 0)))
                .get(0)
                .next();
        assertThat(working.status()).isEqualTo(OrderStatus.WORKING);
        time.advance(PERIOD);
        assertThat(live.takeQuestion()).isEmpty(); // not before that is stored
        live.stored(working);
        assertThat(live.takeQuestion()).containsExactly(working);
        assertThat(live.answered(List.of(working), List.of(state(order, Brokerage.Standing.WORKING, 0))))
                .isEmpty();
        time.advance(PERIOD);
        live.takeQuestion();
        Order partly = live.answered(List.of(working), List.of(state(order, Brokerage.Standing.WORKING, 3)))
                .get(0)
                .next();
        assertThat(partly.status()).isEqualTo(OrderStatus.PARTIALLY_FILLED);
        assertThat(partly.reason()).contains("3 of 10 filled at 10");
        live.stored(transitions.to(partly, OrderStatus.FILLED, Optional.empty()));
        time.advance(PERIOD);
        assertThat(live.takeQuestion()).isEmpty();
    }

    @Test
    void no_more_than_an_upstream_answers_for_are_asked_about_and_the_others_come_next() {
        for (int i = 0; i < LiveOrders.MOST_ASKED + 10; i++) {
            live.stored(submitted());
            time.advance(Duration.ofMillis(1));
        }
        time.advance(PERIOD);
        List<Order> first = live.takeQuestion();
        assertThat(first).hasSize(LiveOrders.MOST_ASKED);
        live.answered(
                first,
                first.stream()
                        .map(order -> state(order, Brokerage.Standing.PENDING, 0))
                        .toList());
        time.advance(Duration.ofSeconds(1));
        assertThat(live.takeQuestion()).hasSize(10).doesNotContainAnyElementsOf(first);
    }

    @Test
    void news_bring_the_next_question_forward_but_a_burst_of_them_is_one_question() {
        LiveOrders slow = new LiveOrders(time, transitions, Duration.ofMinutes(1));
        Order order = submitted();
        slow.stored(order);
        slow.hurry();
        assertThat(slow.takeQuestion()).hasSize(1);
        slow.answered(List.of(order), List.of(state(order, Brokerage.Standing.PENDING, 0)));
        slow.hurry();
        assertThat(slow.takeQuestion()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(slow.takeQuestion()).hasSize(1);
    }

    @Test
    void an_answer_to_a_question_of_before_somebody_changed_the_order_is_not_believed() {
        Order order = submitted();
        live.stored(order);
        time.advance(PERIOD);
        live.takeQuestion();
        live.stored(transitions.to(order, OrderStatus.CANCELLING, Optional.empty()));
        assertThat(live.answered(List.of(order), List.of(state(order, Brokerage.Standing.FILLED, 10))))
                .isEmpty();
    }

    @Test
    void an_order_that_the_upstream_does_not_know_any_more_is_left_as_it_was_seen_last() {
        Order order = submitted();
        live.stored(order);
        for (int i = 0; i < 3; i++) {
            time.advance(Orders.ABSENT_AFTER);
            if (!live.takeQuestion().isEmpty()) {
                assertThat(live.answered(List.of(order), List.of(Optional.empty())))
                        .isEmpty();
            }
        }
        time.advance(Duration.ofMinutes(1));
        assertThat(live.takeQuestion()).isEmpty();
    }
}
