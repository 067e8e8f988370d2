package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.GatewayBus;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.market.MarketEvent;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that does not read its quotes gets the newest of each when it does, not all there were. */
@Tag("alone")
class SlowQuotesIT {
    private static final int SYMBOLS = 100;
    private static final int ROUNDS = 1000;

    @TempDir
    Path folder;

    @Test
    void a_slow_agent_gets_the_newest_of_each_symbol_and_never_a_backlog() throws Exception {
        List<String> symbols =
                IntStream.range(0, SYMBOLS).mapToObj(i -> "S" + i).toList();
        String subscribe = "{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":"
                + new String(FrameCodec.encode(symbols), StandardCharsets.UTF_8) + "}}";
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"), "ws.slow_close_after=5m");
                RawHttp slow = new RawHttp(gateway.port(), 16 * 1024)
                        .upgrade("/ws/agent?token=" + gateway.registrationToken("slow"))) {
            WsClient quick = WsClient.connect(
                    gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("quick"));
            quick.next("token.state");
            quick.send(subscribe).next("quote.subscribe.ack");
            slow.frameWith("token.state");
            slow.frame(0x81, subscribe.getBytes(StandardCharsets.UTF_8));
            slow.frameWith("quote.subscribe.ack");

            Bus bus = GatewayBus.of(gateway.gateway());
            for (int round = 1; round <= ROUNDS; round++) {
                BigDecimal bid = BigDecimal.valueOf(round);
                bus.publish(
                        MarketEvent.class,
                        new MarketEvent.Updated(symbols.stream()
                                .map(symbol -> quote(symbol, bid))
                                .toList()));
            }
            quick.next(frame -> frame.at("/data/symbol").asText().equals("S99")
                    && frame.at("/data/bid").asInt() == ROUNDS);

            Map<String, Integer> newest = new HashMap<>();
            int frames = 0;
            while (newest.values().stream().filter(bid -> bid == ROUNDS).count() < SYMBOLS) {
                JsonNode quote = FrameCodec.tree(slow.frameWith("quote.update")).get("data");
                int bid = quote.get("bid").asInt();
                Integer before = newest.put(quote.get("symbol").asText(), bid);
                assertThat(before == null || before <= bid).as("never back").isTrue();
                frames++;
            }
            assertThat(frames).isLessThan(SYMBOLS * ROUNDS / 2);
        }
    }

    private static Quote quote(String symbol, BigDecimal bid) {
        return new Quote(
                symbol,
                Optional.of(bid),
                Optional.of(bid),
                Optional.of(bid),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Quote.Source.DXLINK),
                Optional.of(Instant.EPOCH),
                Optional.of(0L));
    }
}
