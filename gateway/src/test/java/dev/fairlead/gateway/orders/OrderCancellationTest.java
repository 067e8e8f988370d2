package dev.fairlead.gateway.orders;

import static dev.fairlead.gateway.upstream.Brokerage.Standing.CANCELLED;
import static dev.fairlead.gateway.upstream.Brokerage.Standing.FILLED;
import static dev.fairlead.gateway.upstream.Brokerage.Standing.WORKING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How orders the upstream has are cancelled: told once, asked about until it is known what became of it. */
class OrderCancellationTest extends OrdersOnAClock {
    /** An order the upstream has, which is then to be cancelled. */
    private Order cancelling() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Placed("77", "Live"));
        Order cancelling = intake.cancel(store(OrderStatus.SUBMITTED)).orElseThrow();
        assertThat(cancelling.status()).isEqualTo(OrderStatus.CANCELLING);
        orders.stored(cancelling);
        return cancelling;
    }

    private static final Optional<Brokerage.Submission> THERE = Optional.of(new Brokerage.Placed("77", "Live"));

    @Test
    void a_cancellation_is_sent_once_and_then_only_asked_about() {
        Order order = cancelling();
        assertThat(only(Orders.Cancel.class).order().upstreamId()).contains("77");
        orders.told(order.id(), new Brokerage.Unanswered("lost"));
        for (int second = 0; second < 25; second++) {
            orders.takeWork().forEach(work -> {
                assertThat(work).isInstanceOf(Orders.LookUp.class);
                orders.lookedUp(order.id(), THERE, WORKING);
            });
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(orders.open()).isOne();
        time.advance(Duration.ofMinutes(1));
        only(Orders.LookUp.class);
        orders.lookedUp(order.id(), THERE, WORKING);

        assertThat(store(OrderStatus.SUBMITTED).reason())
                .hasValueSatisfying(why -> assertThat(why).contains("did not come to the upstream"));
    }

    @Test
    void what_became_of_a_cancellation_is_what_the_upstream_has() {
        for (Brokerage.Standing standing : List.of(CANCELLED, FILLED)) {
            Order order = cancelling();
            only(Orders.Cancel.class);
            orders.told(order.id(), new Brokerage.Taken());
            only(Orders.LookUp.class);
            orders.lookedUp(order.id(), THERE, standing);
            store(standing == CANCELLED ? OrderStatus.CANCELLED : OrderStatus.FILLED);
            assertThat(orders.open()).isZero();
        }
    }

    @Test
    void a_refused_cancellation_leaves_an_order_that_works_as_it_was_with_the_upstreams_reason() {
        Order order = cancelling();
        only(Orders.Cancel.class);
        orders.told(order.id(), new Brokerage.Refused("not now"));
        only(Orders.LookUp.class);
        orders.lookedUp(order.id(), THERE, WORKING);
        assertThat(store(OrderStatus.SUBMITTED).reason()).contains("not now");
    }

    @Test
    void after_a_restart_a_cancellation_is_asked_about_and_not_sent_again() {
        Order order = cancelling();
        Orders next = orders();
        next.resume(List.of(order));
        assertThat(next.takeWork()).singleElement().isInstanceOf(Orders.LookUp.class);
    }

    @Test
    void what_was_not_sent_is_cancelled_at_once_and_what_may_be_under_way_is_not() {
        Order approved = approved();
        Order cancelled = intake.cancel(approved).orElseThrow();
        assertThat(cancelled.status()).isEqualTo(OrderStatus.CANCELLED);
        orders.stored(cancelled);
        assertThat(orders.takeWork()).isEmpty();
        assertThat(intake.cancel(cancelled)).isEmpty();
        Order unknown = unknown();
        assertThatThrownBy(() -> intake.cancel(unknown)).hasMessageContaining("unknown");
    }
}
