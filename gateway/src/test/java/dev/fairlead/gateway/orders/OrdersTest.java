package dev.fairlead.gateway.orders;

import static dev.fairlead.gateway.upstream.Brokerage.Standing.CANCELLED;
import static dev.fairlead.gateway.upstream.Brokerage.Standing.FILLED;
import static dev.fairlead.gateway.upstream.Brokerage.Standing.WORKING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The life of orders on a clock that tests move. */
class OrdersTest {
    private final ManualTime time = new ManualTime();
    private final Transitions transitions = new Transitions(time, new SplittableRandom(3), "node-1", OrderMode.LIVE);
    private final Orders orders = orders();
    private final OrderIntake intake = intake("orders.enabled=true", "orders.confirm=never");
    private int clientIds;

    private OrderIntake intake(String... settings) {
        return new OrderIntake(settings(settings), time, transitions, symbol -> Optional.empty());
    }

    private static Settings.Orders settings(String... settings) {
        List<String> all = new ArrayList<>(List.of("upstream.kind=simulator"));
        all.addAll(List.of(settings));
        return Settings.of(all.toArray(String[]::new)).orders();
    }

    private Orders orders() {
        Orders made = new Orders(time, new SplittableRandom(4), transitions);
        made.token(TokenState.VALID);
        return made;
    }

    private NewOrder asked() {
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

    private Order approved() {
        Order order = intake.judge(asked(), Optional.empty());
        orders.stored(order);
        return order;
    }

    /** The one thing that is to be done; nothing else is. */
    private <T extends Orders.Work> T only(Class<T> type) {
        List<Orders.Work> work = orders.takeWork();
        assertThat(work).hasSize(1);
        return type.cast(work.get(0));
    }

    private Order store(OrderStatus expected) {
        Order next = only(Orders.Store.class).next();
        assertThat(next.status()).isEqualTo(expected);
        orders.stored(next);
        return next;
    }

    /** An order that was just sent. */
    private Order sent() {
        approved();
        store(OrderStatus.SUBMITTING);
        return only(Orders.Send.class).order();
    }

    private Order unknown() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Lost("no answer"));
        return store(OrderStatus.UNKNOWN);
    }

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
    void what_the_upstream_said_is_kept_until_it_is_stored() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Placed("77", "Live"));
        for (int i = 0; i < 3; i++) {
            assertThat(only(Orders.Store.class).next().status()).isEqualTo(OrderStatus.SUBMITTED);
            orders.notStored(order.id());
            time.advance(Duration.ofSeconds(1));
        }
        store(OrderStatus.SUBMITTED);
    }

    @Test
    void an_order_somebody_else_has_changed_is_left_alone() {
        Order order = approved();
        only(Orders.Store.class);

        orders.leave(order.id());

        assertThat(orders.takeWork()).isEmpty();
        assertThat(orders.open()).isZero();
    }

    @Test
    void a_refused_order_has_failed_with_the_reason() {
        Order order = sent();
        orders.sent(order.id(), new Brokerage.Declined("no margin"));
        assertThat(store(OrderStatus.FAILED).reason()).contains("no margin");
    }

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
