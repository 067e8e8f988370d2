package dev.fairlead.gateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is given which quote, on moved time. */
class MarketFeedTest {
    private final ManualTime time = new ManualTime();
    private final List<List<Quote>> given = new ArrayList<>();
    private final List<FairleadException> refused = new ArrayList<>();
    private final MarketFeed market = market(4);

    private MarketFeed market(int maxSymbols) {
        MarketFeed made = new MarketFeed(
                time,
                new Settings.Quotes(Duration.ofSeconds(5), Duration.ofSeconds(1), List.of(), maxSymbols),
                new SplittableRandom(1));
        made.sources(Optional.empty(), false);
        return made;
    }

    private void get(String... symbols) {
        market.get(List.of(symbols), new MarketFeed.Answer() {
            @Override
            public void quotes(List<Quote> quotes) {
                given.add(quotes);
            }

            @Override
            public void refused(FairleadException refusal) {
                refused.add(refusal);
            }
        });
    }

    private void live() {
        market.sources(Optional.empty(), true);
        market.sessionBegan();
    }

    private void stream(String symbol, double bid) {
        market.streamed(List.of(new MarketQuote(symbol, bid, bid + 1, 2, 3)));
    }

    private void pass(Duration by) {
        time.advance(by);
        market.tick();
    }

    private static MarketQuote quote(String symbol) {
        return new MarketQuote(symbol, 1, 2, 3, 4);
    }

    private Quote told(Quote.Source source, Duration age) {
        Quote quote = new Quote(
                "SPX",
                Optional.of(new BigDecimal("1.5")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(source),
                Optional.of(time.instant().minus(age)),
                Optional.of(age.toMillis()));
        market.told(List.of(quote));
        return market.newest(Set.of("SPX")).get(0);
    }

    @Test
    void what_another_node_has_is_shown_as_it_is_there() {
        market.hold("a", Set.of("SPX"), Optional.empty());
        live();

        Quote shown = told(Quote.Source.REST, Duration.ofMinutes(1));

        assertThat(shown.bid()).contains(new BigDecimal("1.5"));
        assertThat(shown.ask()).isEmpty();
        assertThat(shown.source()).contains(Quote.Source.REST);
        assertThat(shown.ageMs()).contains(60_000L);
        assertThat(shown.receivedAt()).contains(time.instant().minusSeconds(60));
        assertThat(market.takeChanged()).containsExactly("SPX");
    }

    @Test
    void of_the_feed_of_another_node_an_old_quote_is_fresh_while_that_streams() {
        market.hold("a", Set.of("SPX"), Optional.empty());
        live();
        told(Quote.Source.DXLINK, Duration.ofMinutes(1));

        get("SPX");
        assertThat(given).hasSize(1);

        market.sessionEnded();
        market.sources(Optional.of("none"), false);
        get("SPX");
        assertThat(given).hasSize(1);
        assertThat(refused).hasSize(1);
    }

    @Test
    void of_a_symbol_that_nobody_follows_nothing_of_another_node_is_kept() {
        told(Quote.Source.DXLINK, Duration.ZERO);

        assertThat(market.knows("SPX")).isFalse();
        assertThat(market.takeChanged()).isEmpty();
    }

    @Test
    void a_streamed_quote_is_given_without_a_call() {
        live();
        get("SPX");
        assertThat(market.takeAdded()).containsExactly("SPX");
        stream("SPX", 559.35);
        assertThat(given).hasSize(1);
        Quote quote = given.get(0).get(0);
        assertThat(quote.source()).contains(Quote.Source.DXLINK);
        assertThat(quote.bid()).contains(new BigDecimal("559.35"));
        assertThat(quote.mid()).contains(new BigDecimal("559.85"));
        assertThat(quote.bidSize()).contains(new BigDecimal("2"));
        market.takeCall();

        get("SPX");
        assertThat(given).hasSize(2);
        assertThat(market.takeCall()).isEmpty();
    }

    @Test
    void no_news_of_a_session_in_order_means_that_nothing_changed() {
        live();
        get("SPX");
        stream("SPX", 1);
        market.called(market.takeCall().orElseThrow(), List.of(quote("SPX")));
        pass(Duration.ofMinutes(4));
        get("SPX");
        assertThat(given).hasSize(2);
        assertThat(given.get(1).get(0).ageMs()).contains(Duration.ofMinutes(4).toMillis());

        market.sessionEnded();
        get("SPX");
        assertThat(given).as("too old once the session is not in order").hasSize(2);
        assertThat(market.takeCall()).contains(List.of("SPX"));
    }

    @Test
    void a_streamed_quote_outlives_its_session_by_the_time_it_counts_as_fresh() {
        live();
        get("SPX");
        stream("SPX", 1);
        market.sessionEnded();
        pass(Duration.ofSeconds(5));
        get("SPX");
        assertThat(given).hasSize(2);
        market.sessionBegan();
        pass(Duration.ofMillis(1));
        get("SPX");
        assertThat(given).as("the next session has not said anything of it").hasSize(2);
    }

    @Test
    void all_who_wait_for_the_same_symbols_share_one_call() {
        for (int i = 0; i < 1000; i++) {
            get("SPX", "VIX");
        }
        List<String> call = market.takeCall().orElseThrow();
        assertThat(call).containsExactly("SPX", "VIX");
        get("SPX");
        assertThat(market.takeCall()).as("on its way already").isEmpty();
        market.called(call, List.of(quote("SPX"), quote("VIX")));
        assertThat(given).hasSize(1001);
        assertThat(given.get(0)).extracting(Quote::source).containsOnly(Optional.of(Quote.Source.REST));
    }

    @Test
    void a_quote_of_a_call_is_used_again_for_a_while() {
        get("SPX");
        market.called(market.takeCall().orElseThrow(), List.of(quote("SPX")));
        pass(Duration.ofSeconds(1));
        get("SPX");
        assertThat(given).hasSize(2);
        pass(Duration.ofMillis(1));
        get("SPX");
        assertThat(given).hasSize(2);
        assertThat(market.takeCall()).isPresent();
    }

    @Test
    void a_hundred_symbols_go_in_one_call() {
        MarketFeed wide = market(1000);
        MarketFeed.Answer none = new MarketFeed.Answer() {
            @Override
            public void quotes(List<Quote> quotes) {}

            @Override
            public void refused(FairleadException refusal) {}
        };
        IntStream.range(0, 150).forEach(i -> wide.get(List.of("S" + i), none));
        assertThat(wide.takeCall().orElseThrow()).hasSize(100);
        assertThat(wide.takeCall().orElseThrow()).hasSize(50);
        assertThat(wide.takeCall()).isEmpty();
    }

    @Test
    void after_a_429_nobody_calls_until_the_upstream_allows_it_and_then_one_tries() {
        get("SPX");
        market.callFailed(market.takeCall().orElseThrow(), "429", Optional.of(Duration.ofSeconds(20)));
        assertThat(refused).hasSize(1);
        for (int i = 0; i < 1000; i++) {
            get("SPX");
            get("VIX");
            assertThat(market.takeCall()).isEmpty();
        }
        assertThat(refused).hasSize(2001).allMatch(refusal -> refusal.code() == ErrorCode.QUOTE_UNAVAILABLE);
        assertThat(refused.get(1).retryAfter()).contains(Duration.ofSeconds(20));
        assertThat(refused.get(1)).hasMessage("No quote of SPX: 429");

        pass(Duration.ofSeconds(20));
        get("SPX");
        List<String> attempt = market.takeCall().orElseThrow();
        get("VIX");
        assertThat(market.takeCall()).as("one alone tries").isEmpty();
        market.called(attempt, List.of(quote("SPX")));
        assertThat(market.takeCall()).isPresent();
    }

    @Test
    void a_failure_without_a_time_is_backed_off_from() {
        for (int failures = 0; failures < 8; failures++) {
            get("SPX");
            market.callFailed(market.takeCall().orElseThrow(), "500", Optional.empty());
            time.advance(Duration.ofSeconds(60));
        }
        get("SPX");
        market.callFailed(market.takeCall().orElseThrow(), "500", Optional.empty());
        time.advance(Duration.ofSeconds(29));
        get("SPX");
        assertThat(market.takeCall()).isEmpty();
    }

    @Test
    void calls_are_limited_in_rate() {
        int calls = 0;
        for (int i = 0; i < 100; i++) {
            get("SPX");
            Optional<List<String>> call = market.takeCall();
            if (call.isPresent()) {
                calls++;
                market.called(call.get(), List.of(quote("SPX")));
            }
            time.advance(Duration.ofMillis(1_001) /* past the cache */);
        }
        assertThat(calls).isEqualTo(100);
        MarketFeed uncached = new MarketFeed(
                time,
                new Settings.Quotes(Duration.ofSeconds(5), Duration.ZERO, List.of(), 10),
                new SplittableRandom(1));
        uncached.sources(Optional.empty(), false);
        int burst = 0;
        for (int i = 0; i < 100; i++) {
            time.advance(Duration.ofMillis(10));
            uncached.get(List.of("SPX"), new MarketFeed.Answer() {
                @Override
                public void quotes(List<Quote> quotes) {}

                @Override
                public void refused(FairleadException refusal) {}
            });
            Optional<List<String>> call = uncached.takeCall();
            if (call.isPresent()) {
                burst++;
                uncached.called(call.get(), List.of(quote("SPX")));
            }
        }
        assertThat(burst).isBetween(RestFallback.BURST, RestFallback.BURST + 2);
    }

    @Test
    void who_asks_is_not_kept_waiting_for_ever() {
        get("SPX");
        pass(MarketFeed.PATIENCE);
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0)).hasMessageContaining("none came within 3 s");
        market.called(market.takeCall().orElseThrow(), List.of(quote("SPX")));
        assertThat(given).isEmpty();
    }

    @Test
    void where_calls_cannot_be_made_the_feed_is_waited_for_and_then_the_reason_is_given() {
        market.sources(Optional.of("no calls here"), true);
        market.sessionBegan();
        get("BTC/USD");
        assertThat(refused).isEmpty();
        stream("BTC/USD", 1);
        assertThat(given).hasSize(1);
        get("NONE");
        pass(MarketFeed.PATIENCE);
        assertThat(refused).hasSize(1);
        get("NONE");
        assertThat(refused).as("asked for long enough").hasSize(2);
        assertThat(refused.get(1)).hasMessage("No quote of NONE: no calls here");
    }

    @Test
    void some_quotes_are_better_than_none() {
        get("SPX", "NONE");
        market.called(market.takeCall().orElseThrow(), List.of(quote("SPX")));
        assertThat(given.get(0)).extracting(Quote::symbol).containsExactly("SPX", "NONE");
        assertThat(given.get(0).get(1).source()).isEmpty();
        get("NONE");
        assertThat(refused.get(0)).hasMessage("No quote of NONE: the upstream knows no such symbol");
        assertThat(market.takeCall()).isEmpty();
    }

    @Test
    void a_symbol_nobody_asks_for_any_more_is_given_up() {
        live();
        get("SPX");
        market.hold("view", Set.of("VIX"), Optional.empty());
        market.takeAdded();
        stream("SPX", 1);
        pass(SymbolInterest.IDLE.plusSeconds(1));
        assertThat(market.takeRemoved()).containsExactly("SPX");
        assertThat(market.newest(Set.of("SPX")).get(0).source()).isEmpty();
        market.release("view");
        pass(Duration.ofSeconds(1));
        assertThat(market.takeRemoved()).containsExactly("VIX");
    }

    @Test
    void a_lease_that_is_not_renewed_ends() {
        market.hold("edge", Set.of("SPX"), Optional.of(Duration.ofSeconds(60)));
        pass(Duration.ofMinutes(6));
        assertThat(market.symbols()).isEmpty();
    }

    @Test
    void symbols_are_bounded_and_the_one_asked_for_longest_ago_makes_room() {
        for (String symbol : List.of("A", "B", "C", "D")) {
            get(symbol);
            time.advance(Duration.ofSeconds(1));
        }
        get("A");
        get("E");
        assertThat(market.symbols()).containsExactlyInAnyOrder("A", "C", "D", "E");
        market.hold("view", Set.of("A", "C", "D", "E"), Optional.empty());
        assertThatThrownBy(() -> get("F"))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("quotes.max_symbols");
        assertThatThrownBy(() -> market.hold("other", Set.of("F"), Optional.empty()))
                .isInstanceOf(FairleadException.class);
        assertThat(market.symbols()).containsExactlyInAnyOrder("A", "C", "D", "E");
    }

    @Test
    void what_is_no_symbol_is_refused() {
        assertThatThrownBy(() -> get("a\"b")).hasMessageContaining("Not a symbol");
        assertThatThrownBy(() -> get("x".repeat(65))).hasMessageContaining("Not a symbol");
        assertThatThrownBy(() -> market.get(List.of(), null)).hasMessageContaining("at least one");
    }
}
