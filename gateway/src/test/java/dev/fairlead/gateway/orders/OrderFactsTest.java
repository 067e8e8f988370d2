package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderFactsTest {
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final String CALL = "AAPL  261219C00200000";

    private final ManualTime time = new ManualTime();
    private final Transitions transitions = new Transitions(time, new SplittableRandom(3), "node-1", OrderMode.LIVE);

    private Order waiting(String side, String symbol, Optional<String> limit) {
        Order order = transitions.received(NewOrder.of(new OrderCommands.Submit(
                Optional.empty(),
                "o-1",
                symbol,
                side,
                new BigDecimal("3"),
                limit.isPresent() ? "limit" : "market",
                limit.map(BigDecimal::new),
                "")));
        return transitions.to(order, OrderStatus.NEEDS_CONFIRMATION, Optional.empty());
    }

    private static Optional<Quote> quote(String bid, String ask) {
        return Optional.of(new Quote(
                "AAPL",
                Optional.of(new BigDecimal(bid)),
                Optional.of(new BigDecimal(ask)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Quote.Source.REST),
                Optional.empty(),
                Optional.empty()));
    }

    private OrderFacts facts(Order order, Optional<Quote> quote) {
        return OrderFacts.of(order, quote, Optional.empty(), time.instant(), LIFE);
    }

    @ParameterizedTest
    @CsvSource({
        "buy, 95.00, 5, 5.00, 285",
        "buy, 101.00, -1, -1.00, 303",
        "sell, 100.98, 1.98, 2.00, 302.94",
        "sell, 98.01, -0.99, -1.00, 294.03",
    })
    void how_far_the_market_is_from_the_limit_is_told_of_either_side(
            String side, String limit, String distance, String percent, String cost) {
        OrderFacts facts = facts(waiting(side, "AAPL", Optional.of(limit)), quote("99.00", "100.00"));

        assertThat(facts.distance()).contains(new BigDecimal(distance));
        assertThat(facts.distancePercent()).contains(new BigDecimal(percent));
        assertThat(facts.cost()).contains(new BigDecimal(cost));
    }

    @Test
    void an_order_at_the_market_costs_what_the_market_takes_and_has_no_distance() {
        OrderFacts facts = facts(waiting("buy", CALL, Optional.empty()), quote("1.40", "1.50"));

        assertThat(facts.cost()).contains(new BigDecimal("450"));
        assertThat(facts.distance()).isEmpty();
    }

    @Test
    void without_a_quote_the_limit_alone_says_what_it_costs() {
        OrderFacts facts = facts(waiting("buy", "AAPL", Optional.of("95")), Optional.empty());

        assertThat(facts.cost()).contains(new BigDecimal("285"));
        assertThat(facts.distance()).isEmpty();
        assertThat(facts(waiting("buy", "AAPL", Optional.empty()), Optional.empty())
                        .cost())
                .isEmpty();
    }

    @Test
    void it_ages_until_it_expires_and_one_that_works_expires_no_more() {
        Order order = waiting("buy", "AAPL", Optional.of("95"));
        time.advance(Duration.ofSeconds(90));

        assertThat(facts(order, Optional.empty()).ageMs()).isEqualTo(90_000);
        assertThat(facts(order, Optional.empty()).expiresAt())
                .contains(order.receivedAt().plus(LIFE));
        Order works = transitions.to(order, OrderStatus.WORKING, Optional.empty());
        assertThat(facts(works, Optional.empty()).expiresAt()).isEmpty();
        assertThat(OrderFacts.matter(works)).isTrue();
        assertThat(OrderFacts.matter(transitions.to(order, OrderStatus.FILLED, Optional.empty())))
                .isFalse();
    }

    @Test
    void of_one_that_is_to_be_replaced_the_new_terms_count() {
        Order works = transitions.to(
                waiting("buy", "AAPL", Optional.of("95")).known(Order.AtUpstream.unknown(transitions.newId())),
                OrderStatus.WORKING,
                Optional.empty());
        time.advance(Duration.ofMinutes(5));
        Order asks = works.replacedBy(Optional.of(new Replacement(
                transitions.newId(),
                new Terms(new BigDecimal("2"), Optional.of(new BigDecimal("99"))),
                new BigDecimal("198"))));
        time.advance(Duration.ofSeconds(3));

        OrderFacts facts = facts(asks, quote("99.00", "100.00"));

        assertThat(facts.cost()).contains(new BigDecimal("198"));
        assertThat(facts.distance()).contains(new BigDecimal("1"));
        assertThat(facts.ageMs()).isEqualTo(3_000);
        assertThat(facts.expiresAt()).isPresent();
    }

    @Test
    void what_a_day_leaves_is_never_below_nothing() {
        DayLimits limits = new DayLimits(Settings.of(
                        "upstream.kind=simulator",
                        "orders.max_per_day=5",
                        "orders.max_notional_per_day=1000",
                        "orders.max_notional_per_agent_per_day=300")
                .orders());

        OrderFacts.Today today = limits.leaves(new DayTotals(2, new BigDecimal("350"), new BigDecimal("600.50")));

        assertThat(today.orders()).contains(3L);
        assertThat(today.submitterNotional()).contains(BigDecimal.ZERO);
        assertThat(today.notional()).contains(new BigDecimal("399.5"));
    }
}
