package dev.fairlead.gateway.orders;

import static dev.fairlead.gateway.upstream.Brokerage.Standing.FILLED;
import static dev.fairlead.gateway.upstream.Brokerage.Standing.WORKING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How orders the upstream has are replaced: told once, asked about until it is known what became of it. */
class OrderReplacementTest extends OrdersOnAClock {
    /** An order the upstream has, which is then to be replaced. */
    private Order replacing() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Placed("77", "Live"));
        Order replacing = intake.replace(
                        store(OrderStatus.SUBMITTED),
                        new Terms(BigDecimal.ONE, Optional.of(new BigDecimal("11"))),
                        Optional.empty())
                .orElseThrow();
        orders.stored(replacing);
        return replacing;
    }

    private static Brokerage.State state(String id, Brokerage.Standing standing) {
        return new Brokerage.State(id, "Live", standing, BigDecimal.ZERO, Optional.empty(), Optional.empty());
    }

    @Test
    void a_replacement_is_sent_once_and_then_only_asked_about() {
        Order order = replacing();
        assertThat(only(Orders.Replace.class).order().amendment().next().limitPrice())
                .contains(new BigDecimal("11"));
        orders.told(order.id(), new Brokerage.Unanswered("lost"));
        for (int second = 0; second < 25; second++) {
            orders.takeWork().forEach(work -> {
                assertThat(work).isInstanceOf(Orders.LookForSuccessor.class);
                orders.successorSought(order.id(), Optional.empty(), Optional.of(state("77", WORKING)));
            });
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(orders.open()).isOne();
        time.advance(Duration.ofMinutes(1));
        only(Orders.LookForSuccessor.class);
        orders.successorSought(order.id(), Optional.empty(), Optional.of(state("77", WORKING)));

        Order kept = store(OrderStatus.WORKING);
        assertThat(kept.reason()).get().asString().contains("did not come to the upstream");
        assertThat(kept.terms().limitPrice()).contains(BigDecimal.TEN);
        assertThat(kept.replacement()).isEmpty();
    }

    @Test
    void an_order_that_was_replaced_is_on_the_new_terms_and_known_by_its_successor() {
        Order order = replacing();
        UUID key = order.replacement().orElseThrow().id();
        only(Orders.Replace.class);
        orders.told(order.id(), new Brokerage.Taken());
        only(Orders.LookForSuccessor.class);
        orders.successorSought(
                order.id(), Optional.of(new Brokerage.Successor(key, state("78", WORKING))), Optional.empty());

        Order replaced = store(OrderStatus.WORKING);
        assertThat(replaced.terms().limitPrice()).contains(new BigDecimal("11"));
        assertThat(replaced.notional()).contains(new BigDecimal("11"));
        assertThat(replaced.upstreamId()).contains("78");
        assertThat(replaced.upstream().key()).isEqualTo(key);
        assertThat(replaced.asked().limitPrice()).contains(BigDecimal.TEN);
        assertThat(orders.open()).isZero();
    }

    @Test
    void a_refused_replacement_leaves_the_order_as_it_is_with_the_upstreams_reason() {
        Order order = replacing();
        only(Orders.Replace.class);
        orders.told(order.id(), new Brokerage.Refused("not now"));
        only(Orders.LookForSuccessor.class);
        orders.successorSought(order.id(), Optional.empty(), Optional.of(state("77", WORKING)));
        assertThat(store(OrderStatus.WORKING).reason()).contains("not now");
    }

    @Test
    void an_order_that_ended_before_its_replacement_came_there_says_so() {
        Order order = replacing();
        only(Orders.Replace.class);
        orders.told(order.id(), new Brokerage.Refused("not editable"));
        only(Orders.LookForSuccessor.class);
        orders.successorSought(order.id(), Optional.empty(), Optional.of(state("77", FILLED)));
        assertThat(store(OrderStatus.FILLED).reason()).get().asString().contains("before its replacement");
    }

    @Test
    void after_a_restart_a_replacement_is_asked_about_and_not_sent_again() {
        Order order = replacing();
        Orders next = orders();
        next.resume(List.of(order));
        assertThat(next.takeWork()).singleElement().isInstanceOf(Orders.LookForSuccessor.class);
    }
}
