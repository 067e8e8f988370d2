package dev.fairlead.gateway.orders.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.Brokerage.Placed;
import dev.fairlead.gateway.upstream.Brokerage.Sought;
import dev.fairlead.gateway.upstream.Brokerage.Standing;
import dev.fairlead.gateway.upstream.Brokerage.Ticket;
import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.protocol.Quote;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PaperBrokerageTest {
    private static final Instant NOW = Instant.EPOCH;

    private final List<String> asked = new ArrayList<>();
    private final Set<UUID> cancelled = new HashSet<>();
    private final List<PaperPosition> positions = new ArrayList<>();
    private final PaperBrokerage brokerage = new PaperBrokerage(
            this::quote,
            key -> Future.succeededFuture(cancelled.contains(key)),
            () -> Future.succeededFuture(positions));

    /** One dollar is asked for whatever it is, and nobody quotes what begins with an X. */
    private Future<Quote> quote(String symbol) {
        asked.add(symbol);
        return symbol.startsWith("X")
                ? Future.failedFuture("nobody quotes it")
                : Future.succeededFuture(new Quote(
                        symbol,
                        Optional.empty(),
                        Optional.of(BigDecimal.ONE),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Quote.Source.REST),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static Sought buy(int key, String symbol, String limit) {
        UUID id = new UUID(0, key);
        return new Sought(
                id,
                "paper-" + id,
                NOW,
                new Ticket(
                        id, symbol, Side.of("buy").orElseThrow(), BigDecimal.TEN, Optional.of(new BigDecimal(limit))));
    }

    private Standing found(int key) {
        Placed placed = (Placed) brokerage.find(new UUID(0, key), NOW).result().orElseThrow();
        return brokerage.standing(placed.status());
    }

    @Test
    void each_order_is_held_against_its_own_quote_and_one_that_nobody_quotes_costs_the_others_nothing() {
        List<Optional<Brokerage.State>> states = brokerage
                .look(List.of(buy(1, "AAPL", "2"), buy(2, "XXX", "2"), buy(3, "AAPL", "0.5"), buy(4, "MSFT", "1")))
                .result();

        assertThat(states)
                .extracting(state -> state.orElseThrow().standing())
                .containsExactly(Standing.FILLED, Standing.WORKING, Standing.WORKING, Standing.FILLED);
        assertThat(states.get(0).orElseThrow().filled()).isEqualTo(BigDecimal.TEN);
        assertThat(states.get(0).orElseThrow().averagePrice()).contains(BigDecimal.ONE);
        assertThat(asked).containsExactly("AAPL", "XXX", "MSFT");
    }

    @Test
    void what_was_about_to_be_sent_is_there_and_what_is_stored_as_to_be_cancelled_is_cancelled() {
        cancelled.add(new UUID(0, 2));

        assertThat(found(1)).isEqualTo(Standing.WORKING);
        assertThat(found(2)).isEqualTo(Standing.CANCELLED);
    }

    @Test
    void what_is_stored_as_to_be_replaced_is_replaced_and_works() {
        Ticket next = buy(5, "AAPL", "0.75").ticket();

        Brokerage.Successor successor = brokerage
                .successor(new Brokerage.Amendment(new UUID(0, 1), "paper-1", next), NOW)
                .result()
                .orElseThrow();

        assertThat(successor.key()).isEqualTo(next.id());
        assertThat(successor.state().standing()).isEqualTo(Standing.WORKING);
    }

    @Test
    void the_account_is_marked_where_somebody_quotes_what_it_holds() {
        positions.add(new PaperPosition("AAPL", BigDecimal.TEN, new BigDecimal("0.40"), BigDecimal.ZERO));
        positions.add(new PaperPosition("XXX", BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ZERO));
        positions.add(new PaperPosition("MSFT", BigDecimal.ZERO, BigDecimal.ZERO, new BigDecimal("7")));

        assertThat(brokerage.positions().result())
                .extracting(Brokerage.Position::symbol, Brokerage.Position::mark, Brokerage.Position::unrealizedPnl)
                .containsExactly(
                        tuple("AAPL", Optional.of(BigDecimal.ONE), Optional.of(new BigDecimal("6"))),
                        tuple("XXX", Optional.empty(), Optional.empty()));
        assertThat(asked).as("what is not held needs no quote").doesNotContain("MSFT");
        assertThat(brokerage.usesToken()).isFalse();
    }
}
