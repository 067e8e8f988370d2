package dev.fairlead.gateway.orders.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.upstream.Brokerage.Ticket;
import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaperMarketTest {
    private static Optional<BigDecimal> price(String text) {
        return Optional.ofNullable(text).filter(given -> !given.equals("-")).map(BigDecimal::new);
    }

    private static Quote quote(String bid, String ask) {
        return new Quote(
                "AAPL",
                price(bid),
                price(ask),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Quote.Source.DXLINK),
                Optional.empty(),
                Optional.empty());
    }

    private static Ticket order(String side, String limit) {
        return new Ticket(new UUID(0, 1), "AAPL", Side.of(side).orElseThrow(), BigDecimal.TEN, price(limit));
    }

    @ParameterizedTest
    @CsvSource({
        "buy, -, 9.90, 10.00, 10.00",
        "sell, -, 9.90, 10.00, 9.90",
        "buy, 10.00, 9.90, 10.00, 10.00",
        "buy, 11.00, 9.90, 10.00, 10.00",
        "sell_to_open, 9.90, 9.90, 10.00, 9.90",
        "sell_to_close, 5.00, 9.90, 10.00, 9.90",
    })
    void a_purchase_takes_the_ask_and_a_sale_the_bid_however_much_better_than_the_limit(
            String side, String limit, String bid, String ask, String at) {
        assertThat(PaperMarket.fill(order(side, limit), quote(bid, ask))).contains(new BigDecimal(at));
    }

    @ParameterizedTest
    @CsvSource({
        "buy, 9.99, 9.90, 10.00",
        "sell, 9.91, 9.90, 10.00",
        "buy, -, 9.90, -",
        "sell, -, -, 10.00",
        "buy, 9.95, 9.95, -",
    })
    void what_the_quote_does_not_reach_is_not_filled(String side, String limit, String bid, String ask) {
        assertThat(PaperMarket.fill(order(side, limit), quote(bid, ask))).isEmpty();
    }

    @Test
    void a_bid_of_nothing_is_nobody_who_buys() {
        assertThat(PaperMarket.fill(order("sell", "-"), quote("0.0", "0.05"))).isEmpty();
    }
}
