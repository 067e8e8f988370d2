package dev.fairlead.gateway.upstream.kraken;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteFeed;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The client's side of Kraken's tickers, on moved time and without a socket. */
class KrakenTickerProtocolTest {
    private final ManualTime time = new ManualTime();
    private final List<JsonNode> sent = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<MarketQuote> quotes = new ArrayList<>();
    private final List<FeedEnd> ends = new ArrayList<>();
    private int readies;
    private final KrakenTickerProtocol protocol = new KrakenTickerProtocol(
            time, List.of("BTC/USD"), frame -> sent.add(FrameCodec.tree(frame)), new QuoteFeed.Listener() {
                @Override
                public void ready() {
                    readies++;
                }

                @Override
                public void quotes(List<MarketQuote> batch) {
                    quotes.addAll(batch);
                }

                @Override
                public void unknown(String symbol, String why) {
                    unknown.add(symbol + ": " + why);
                }

                @Override
                public void remarked(String what) {}

                @Override
                public void ended(FeedEnd end) {
                    ends.add(end);
                }
            });

    private void hear(String frame) {
        protocol.received(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void greeted() {
        time.every(Duration.ofMillis(250), protocol::tick);
        protocol.opened();
        hear("{'channel':'status','type':'update','data':[{'connection_id':13834774380200032777,'system':'online'}]}");
    }

    @Test
    void tickers_are_subscribed_once_kraken_has_greeted() {
        protocol.opened();
        assertThat(sent).isEmpty();
        greeted();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).at("/params/symbol/0").asText()).isEqualTo("BTC/USD");
        assertThat(sent.get(0).at("/params/channel").asText()).isEqualTo("ticker");
        assertThat(readies).isEqualTo(1);
        protocol.subscribe(List.of("ETH/USD"));
        protocol.unsubscribe(List.of("BTC/USD"));
        assertThat(sent.get(2).get("method").asText()).isEqualTo("unsubscribe");
    }

    @Test
    void a_ticker_is_a_quote() {
        greeted();
        hear(
                "{'channel':'ticker','type':'snapshot','data':[{'symbol':'BTC/USD','bid':1.5,'bid_qty':2,'ask':2.5,'last':9}]}");
        assertThat(quotes).containsExactly(new MarketQuote("BTC/USD", 1.5, 2.5, 2, Double.NaN));
        hear("{'method':'subscribe','success':false,'error':'Currency pair not supported X/Y','symbol':'X/Y'}");
        assertThat(unknown).isEmpty(); // nobody asked for that
        hear("{'method':'subscribe','success':false,'error':'Currency pair not supported','symbol':'BTC/USD'}");
        assertThat(unknown).containsExactly("BTC/USD: Kraken says: Currency pair not supported");
        assertThat(ends).isEmpty();
    }

    @Test
    void silence_ends_it_and_a_ping_keeps_it() {
        greeted();
        time.advance(Duration.ofSeconds(31));
        assertThat(sent.get(sent.size() - 1).get("method").asText()).isEqualTo("ping");
        hear("{'channel':'heartbeat'}");
        time.advance(Duration.ofSeconds(61));
        assertThat(ends).containsExactly(FeedEnd.lost("Kraken was silent for 60 s"));
    }
}
