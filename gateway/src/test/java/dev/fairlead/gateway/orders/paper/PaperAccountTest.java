package dev.fairlead.gateway.orders.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.upstream.Brokerage.Balance;
import dev.fairlead.gateway.upstream.Brokerage.Position;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaperAccountTest {
    private static final String CALL = "AAPL  261219C00200000";

    /** @param fills such as {@code +2@10 -1@12} */
    private static PaperPosition after(String symbol, String fills) {
        PaperPosition position = PaperPosition.none(symbol);
        for (String fill : fills.split(" ", -1)) {
            String[] parts = fill.split("@", 2);
            position = position.with(new BigDecimal(parts[0]), new BigDecimal(parts[1]));
        }
        return position;
    }

    private static List<String> sums(List<PaperPosition> all, Map<String, BigDecimal> marks) {
        return PaperAccount.balances(all, marks).stream()
                .map((Balance one) -> one.name() + " " + one.amount().toPlainString() + " " + one.currency())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "+2@10, 2, 10, 0",
        "+2@10 +2@20, 4, 15, 0",
        "+4@15 -1@20, 3, 15, 5",
        "+4@15 -4@14, 0, 0, -4",
        "+2@10 -5@12, -3, 12, 4",
        "-3@12, -3, 12, 0",
        "-3@12 -1@8, -4, 11, 0",
        "-3@12 +1@10, -2, 12, 2",
        "-2@12 +5@13, 3, 13, -2",
        "+4@15 -4@14 +1@9, 1, 9, -4",
        "+0.3@10 +0.3@11 -0.6@10.5, 0, 0, 0",
    })
    void what_is_added_changes_the_average_and_what_is_closed_is_gained_or_lost(
            String fills, String quantity, String average, String realized) {
        PaperPosition position = after("AAPL", fills);

        assertThat(position.quantity()).isEqualByComparingTo(quantity);
        assertThat(position.averagePrice()).isEqualByComparingTo(average);
        assertThat(position.realizedPnl()).isEqualByComparingTo(realized);
    }

    @Test
    void an_option_stands_for_a_hundred_shares() {
        PaperPosition option = after(CALL, "+2@1.50 -1@2.00");

        assertThat(option.realizedPnl()).isEqualByComparingTo("50");
        assertThat(option.unrealizedPnl(new BigDecimal("1.80"))).isEqualByComparingTo("30");
        assertThat(option.cash()).isEqualByComparingTo("-100");
    }

    @Test
    void cash_counts_from_nothing_so_that_the_value_is_what_was_gained_in_all() {
        assertThat(sums(
                        List.of(after("AAPL", "+4@15 -1@20"), after("MSFT", "-2@50")),
                        Map.of("AAPL", new BigDecimal("16"), "MSFT", new BigDecimal("53"))))
                .containsExactly(
                        "cash_balance 60 USD",
                        "net_liquidating_value 2 USD",
                        "realized_pnl 5 USD",
                        "unrealized_pnl -3 USD");
    }

    @Test
    void what_is_priced_in_another_currency_is_summed_by_itself() {
        assertThat(sums(List.of(after("AAPL", "+1@10"), after("BTC/EUR", "+0.5@30000")), Map.of()))
                .contains("cash_balance -10 USD", "cash_balance -15000 EUR", "net_liquidating_value 0 EUR");
    }

    @Test
    void what_is_closed_is_no_position_any_more_and_one_without_a_quote_has_no_mark() {
        List<Position> positions = PaperAccount.positions(
                List.of(after("AAPL", "+4@15 -4@14"), after("MSFT", "-2@50"), after("SPY", "+1@400")),
                Map.of("MSFT", new BigDecimal("53")));

        assertThat(positions)
                .containsExactly(
                        new Position(
                                "MSFT",
                                new BigDecimal("-2"),
                                Optional.of(new BigDecimal("50")),
                                Optional.of(new BigDecimal("53")),
                                Optional.of(new BigDecimal("-6")),
                                Optional.of(new BigDecimal("0"))),
                        new Position(
                                "SPY",
                                new BigDecimal("1"),
                                Optional.of(new BigDecimal("400")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new BigDecimal("0"))));
    }
}
