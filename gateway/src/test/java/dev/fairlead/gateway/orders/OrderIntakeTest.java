package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked of orders, judged. */
class OrderIntakeTest {
    private final ManualTime time = new ManualTime();
    private final Transitions transitions = new Transitions(time, new SplittableRandom(3), "node-1", OrderMode.LIVE);
    private final OrderIntake intake = intake("orders.confirm=never");

    private OrderIntake intake(String... settings) {
        return new OrderIntake(settings(settings), time, transitions, symbol -> Optional.empty());
    }

    private static Settings.Orders settings(String... settings) {
        List<String> all = new ArrayList<>(List.of("upstream.kind=simulator", "orders.enabled=true"));
        all.addAll(List.of(settings));
        return Settings.of(all.toArray(String[]::new)).orders();
    }

    /** Ten shares at ten each, which the upstream has in the market. */
    private Order working() {
        NewOrder asked = NewOrder.of(new OrderCommands.Submit(
                Optional.of("agent-1"),
                "o-1",
                "AAPL",
                "buy",
                BigDecimal.TEN,
                "limit",
                Optional.of(BigDecimal.TEN),
                ""));
        Order received = transitions.received(asked).worth(new BigDecimal("100"));
        return transitions
                .to(received, OrderStatus.WORKING, Optional.empty())
                .known(received.upstream().called("77", "Live"));
    }

    private static Terms at(String price) {
        return new Terms(BigDecimal.TEN, Optional.of(new BigDecimal(price)));
    }

    @Test
    void a_replacement_is_judged_as_a_new_order_is() {
        OrderIntake strict = intake("orders.confirm=never", "orders.max_notional=150");
        assertThat(strict.replace(working(), at("12"), Optional.empty())).hasValueSatisfying(next -> {
            assertThat(next.status()).isEqualTo(OrderStatus.REPLACING);
            assertThat(next.terms().limitPrice()).contains(BigDecimal.TEN);
            assertThat(next.replacement().orElseThrow().notional()).isEqualByComparingTo("120");
        });
        assertThatThrownBy(() -> strict.replace(working(), at("16"), Optional.empty()))
                .hasMessageContaining("orders.max_notional=150")
                .hasMessageContaining("works on");
    }

    @Test
    void a_replacement_waits_for_a_person_where_an_order_would_and_the_order_works_on() {
        OrderIntake careful = intake("orders.confirm=above:110");
        Order waiting = careful.replace(working(), at("12"), Optional.empty()).orElseThrow();
        assertThat(waiting.status()).isEqualTo(OrderStatus.WORKING);
        assertThat(waiting.asksToBeReplaced()).isTrue();

        assertThat(careful.confirm(waiting, Optional.empty()).status()).isEqualTo(OrderStatus.REPLACING);
        Order kept = careful.reject(waiting, Optional.of("too dear"));
        assertThat(kept.status()).isEqualTo(OrderStatus.WORKING);
        assertThat(kept.replacement()).isEmpty();
        assertThat(kept.reason()).get().asString().contains("too dear");
        assertThat(careful.replace(working(), at("10.50"), Optional.empty())
                        .orElseThrow()
                        .status())
                .isEqualTo(OrderStatus.REPLACING);
    }

    @Test
    void the_same_replacement_again_changes_nothing_and_one_of_what_is_not_there_is_refused() {
        Order replacing = intake.replace(working(), at("12"), Optional.empty()).orElseThrow();
        assertThat(intake.replace(replacing, at("12.0"), Optional.empty())).isEmpty();
        assertThat(intake.replace(working(), at("10.00"), Optional.empty())).isEmpty();
        assertThatThrownBy(() -> intake.replace(replacing, at("13"), Optional.empty()))
                .hasMessageContaining("replacing");
        Order filled = transitions.to(working(), OrderStatus.FILLED, Optional.empty());
        assertThatThrownBy(() -> intake.replace(filled, at("13"), Optional.empty()))
                .hasMessageContaining("filled");
    }

    @Test
    void what_is_filled_cannot_be_taken_back_by_a_smaller_quantity() {
        Order working = working();
        Order partly = working.known(working.upstream()
                .seen(
                        working.id(),
                        new Brokerage.State(
                                "77",
                                "Live",
                                Brokerage.Standing.WORKING,
                                new BigDecimal("4"),
                                Optional.of(BigDecimal.TEN),
                                Optional.empty())));
        Terms four = new Terms(new BigDecimal("4"), Optional.of(BigDecimal.TEN));
        assertThatThrownBy(() -> intake.replace(partly, four, Optional.empty())).hasMessageContaining("4 of the order");
    }

    @Test
    void an_order_and_a_replacement_wait_for_a_person_for_a_quarter_of_an_hour() {
        OrderIntake careful = intake("orders.confirm=always");
        Order waiting = careful.judge(working().asked(), Optional.empty());
        Confirmations confirmations = new Confirmations(settings(), time, transitions);
        confirmations.stored(waiting);
        time.advance(Duration.ofMinutes(10));
        confirmations.stored(
                careful.replace(working(), at("12"), Optional.empty()).orElseThrow());
        time.advance(Duration.ofMinutes(4));
        assertThat(confirmations.takeWork()).isEmpty();
        time.advance(Duration.ofMinutes(1));

        assertThat(confirmations.takeWork()).singleElement().satisfies(store -> {
            assertThat(store.next().status()).isEqualTo(OrderStatus.EXPIRED);
            assertThat(store.next().reason()).get().asString().contains("orders.confirm_ttl");
        });
        Confirmations restarted = new Confirmations(settings(), time, transitions);
        restarted.resume(List.of(waiting));
        assertThat(restarted.takeWork()).hasSize(1);
        time.advance(Duration.ofMinutes(10));
        assertThat(confirmations.takeWork()).singleElement().satisfies(store -> {
            assertThat(store.next().status()).isEqualTo(OrderStatus.WORKING);
            assertThat(store.next().replacement()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(TokenState.class)
    void orders_are_taken_only_with_a_usable_token(TokenState state) {
        if (state.usable()) {
            intake.requireOpen(state, 0);
        } else {
            assertThatThrownBy(() -> intake.requireOpen(state, 0))
                    .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                            .isEqualTo(ErrorCode.TOKEN_UNAVAILABLE));
        }
    }

    @Test
    void an_agent_places_so_many_orders_a_minute_and_its_neighbour_is_not_counted() {
        OrderRate rate = new OrderRate(time, 2);
        assertThat(rate.take("agent:a")).isTrue();
        time.advance(Duration.ofSeconds(30));
        assertThat(rate.take("agent:a")).isTrue();
        assertThat(rate.take("agent:a")).isFalse();
        assertThat(rate.take("agent:b")).isTrue();
        time.advance(Duration.ofSeconds(30));
        assertThat(rate.take("agent:a")).isTrue();
        assertThat(rate.take("agent:a")).isFalse();
    }

    @Test
    void a_confirmed_order_is_judged_once_more() {
        OrderIntake careful = intake("orders.enabled=true", "orders.max_notional=1000");
        NewOrder market = NewOrder.of(new OrderCommands.Submit(
                Optional.empty(), "m-1", "AAPL", "buy", BigDecimal.ONE, "market", Optional.empty(), ""));
        Order waiting = careful.judge(market, Optional.of(new BigDecimal("900")));
        assertThat(waiting.status()).isEqualTo(OrderStatus.NEEDS_CONFIRMATION);

        assertThat(careful.confirm(waiting, Optional.of(new BigDecimal("950"))).status())
                .isEqualTo(OrderStatus.APPROVED);
        Order late = careful.confirm(waiting, Optional.of(new BigDecimal("1100")));
        assertThat(late.status()).isEqualTo(OrderStatus.REJECTED);
        assertThat(late.reason()).get().asString().contains("1100");
    }
}
