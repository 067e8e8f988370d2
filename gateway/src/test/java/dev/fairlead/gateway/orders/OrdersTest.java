package dev.fairlead.gateway.orders;

import static dev.fairlead.gateway.upstream.Brokerage.Standing.FILLED;
import static dev.fairlead.gateway.upstream.Brokerage.Standing.WORKING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How orders are sent, once, and looked for where the answer was lost. */
class OrdersTest extends OrdersOnAClock {
    @Test
    void an_order_is_stored_as_submitting_before_it_is_sent_and_sent_once() {
        Order order = sent();
        assertThat(orders.takeWork()).isEmpty();

        orders.sent(order.id(), new Brokerage.Placed("77", "Live"));

        Order submitted = store(OrderStatus.SUBMITTED);
        assertThat(submitted.upstreamId()).contains("77");
        assertThat(submitted.sentAt()).isPresent();
        assertThat(orders.open()).isZero();
        assertThat(orders.takeWork()).isEmpty();
    }

    @Test
    void an_order_that_cannot_be_stored_as_submitting_is_not_sent() {
        Order order = approved();
        only(Orders.Store.class);
        orders.notStored(order.id());
        assertThat(orders.takeWork()).isEmpty();

        time.advance(Duration.ofSeconds(1));

        store(OrderStatus.SUBMITTING);
        only(Orders.Send.class);
    }

    @Test
    void what_the_upstream_said_is_to_be_stored_whatever_time_that_takes_and_nothing_else_is_done_until_then() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Placed("77", "Live"));
        Orders.Store said = only(Orders.Store.class);
        assertThat(said.next().status()).isEqualTo(OrderStatus.SUBMITTED);
        assertThat(said.isWanted()).isFalse();
        time.advance(Duration.ofHours(1));
        assertThat(orders.takeWork()).isEmpty();
        orders.stored(said.next());
        assertThat(orders.open()).isZero();
    }

    @Test
    void an_order_that_could_not_be_stored_as_submitting_until_it_is_stale_is_not_sent_any_more() {
        Order order = approved();
        Orders.Store first = only(Orders.Store.class);
        assertThat(first.isWanted()).isTrue();
        orders.notStored(order.id());
        time.advance(Orders.STALE_AFTER);
        Orders.Store again = only(Orders.Store.class);
        assertThat(again).as("the same change, which may be kept already").isEqualTo(first);
        orders.notStored(order.id());
        time.advance(Duration.ofSeconds(1));
        assertThat(store(OrderStatus.FAILED).reason()).get().asString().contains("not sent");
        assertThat(orders.open()).isZero();
    }

    @Test
    void an_order_somebody_else_has_changed_is_left_alone() {
        Order order = approved();
        only(Orders.Store.class);

        orders.leave(order);

        assertThat(orders.takeWork()).isEmpty();
        assertThat(orders.open()).isZero();
    }

    @Test
    void what_was_stored_of_an_order_since_stays_where_an_older_change_of_it_came_too_late() {
        Order order = approved();
        Order submitting = store(OrderStatus.SUBMITTING);

        orders.leave(order);

        assertThat(only(Orders.Send.class).order()).isEqualTo(submitting);
    }

    @Test
    void an_order_that_waited_for_a_call_until_it_is_stale_is_not_sent_any_more() {
        for (int i = 0; i < 5; i++) {
            approved();
        }
        orders.takeWork().forEach(work -> orders.stored(((Orders.Store) work).next()));
        assertThat(orders.takeWork()).hasSize(4).allMatch(work -> work instanceof Orders.Send);
        time.advance(Orders.STALE_AFTER.plusSeconds(1));
        assertThat(store(OrderStatus.FAILED).reason()).get().asString().startsWith("not sent");
        assertThat(orders.takeWork()).isEmpty();
    }

    @Test
    void a_refused_order_has_failed_with_the_reason() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Declined("no margin"));
        assertThat(store(OrderStatus.FAILED).reason()).contains("no margin");
    }

    @Test
    void a_lost_answer_is_looked_up_with_backoff_until_the_order_is_found() {
        Order order = unknown();
        int looks = 0;
        for (int second = 0; second < 20; second++) {
            for (Orders.Work work : orders.takeWork()) {
                assertThat(work).isInstanceOf(Orders.LookUp.class);
                looks++;
                orders.notLookedUp(order.id());
            }
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(looks).isBetween(4, 8);
        time.advance(Duration.ofMinutes(1));

        only(Orders.LookUp.class);
        orders.lookedUp(order.id(), Optional.of(new Brokerage.Placed("5", "Filled")), FILLED);

        assertThat(store(OrderStatus.SUBMITTED).upstreamId()).contains("5");
    }

    @Test
    void an_order_counts_as_absent_only_when_nothing_can_be_under_way_any_more() {
        Order order = unknown();
        while (time.nanos() < Orders.ABSENT_AFTER.toNanos() - 1) {
            orders.takeWork().forEach(work -> orders.lookedUp(order.id(), Optional.empty(), WORKING));
            assertThat(orders.open()).isOne();
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(Duration.ofMinutes(1));

        only(Orders.LookUp.class);
        orders.lookedUp(order.id(), Optional.empty(), WORKING);

        assertThat(store(OrderStatus.FAILED).reason()).get().asString().contains("does not have it");
    }

    @Test
    void after_a_restart_what_was_being_sent_is_looked_up_and_what_was_not_is_sent() {
        Order sending = sent();
        Order waiting = intake.judge(asked(), Optional.empty());
        Orders restarted = orders();

        restarted.resume(List.of(sending, waiting));
        List<Orders.Work> work = restarted.takeWork();

        assertThat(work).hasSize(2);
        assertThat(((Orders.Store) work.get(0)).next().status()).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(((Orders.Store) work.get(1)).next().status()).isEqualTo(OrderStatus.SUBMITTING);
        work.forEach(store -> restarted.stored(((Orders.Store) store).next()));
        assertThat(restarted.takeWork())
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(Orders.LookUp.class),
                        second -> assertThat(second).isInstanceOf(Orders.Send.class));
    }

    @Test
    void what_is_read_again_while_it_is_in_hand_changes_nothing() {
        Order order = sent();
        orders.resume(List.of(order));
        assertThat(orders.takeWork()).isEmpty();
        assertThat(orders.open()).isOne();
    }

    @Test
    void an_approved_order_waits_for_the_token_but_not_for_ever() {
        approved();
        orders.token(TokenState.REFRESHING);
        assertThat(orders.takeWork()).isEmpty();
        time.advance(Orders.STALE_AFTER.plusSeconds(1));
        assertThat(store(OrderStatus.FAILED).reason()).get().asString().startsWith("not sent");
    }

    @Test
    void nobody_is_asked_for_an_unknown_order_without_a_token() {
        unknown();
        orders.token(TokenState.UNAVAILABLE);
        time.advance(Duration.ofHours(1));
        assertThat(orders.takeWork()).isEmpty();
        orders.token(TokenState.EXPIRING_SOON);
        only(Orders.LookUp.class);
    }

    @Test
    void few_calls_are_made_at_a_time_and_the_rest_waits_unsent() {
        for (int i = 0; i < 10; i++) {
            approved();
        }
        orders.takeWork().forEach(work -> orders.stored(((Orders.Store) work).next()));
        assertThat(orders.takeWork()).hasSize(4).allMatch(work -> work instanceof Orders.Send);
        assertThat(orders.takeWork()).isEmpty();
    }
}
