package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.gateway.upstream.FeedProtocol;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteFeed;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A client's side of one session of the public channel {@code ticker} of Kraken's socket v2. Plain state on injected
 * time: it is told what was received, and says what to send.
 */
final class KrakenTickerProtocol implements FeedProtocol {
    static final Duration GREETING_TIMEOUT = Duration.ofSeconds(10);
    static final Duration PING = Duration.ofSeconds(30);

    /** Kraken's heartbeat comes every second. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    private static final int SYMBOLS_PER_FRAME = 100;

    private final TimeSource time;
    private final Consumer<byte[]> wire;
    private final QuoteFeed.Listener listener;
    private final Set<String> symbols;
    private boolean opened;
    private boolean greeted;
    private boolean ended;
    private long heardAt;
    private long saidAt;
    private long lastRequest;

    KrakenTickerProtocol(
            TimeSource time, Collection<String> symbols, Consumer<byte[]> wire, QuoteFeed.Listener listener) {
        this.time = time;
        this.symbols = new LinkedHashSet<>(symbols);
        this.wire = wire;
        this.listener = listener;
        this.heardAt = time.nanos();
        this.saidAt = heardAt;
    }

    @Override
    public void opened() {
        opened = true;
        heardAt = time.nanos();
        saidAt = heardAt;
    }

    @Override
    public void closed(String why) {
        end(why);
    }

    @Override
    public void subscribe(Collection<String> added) {
        symbols.addAll(added);
        request("subscribe", added);
    }

    @Override
    public void unsubscribe(Collection<String> removed) {
        removed.forEach(symbols::remove);
        request("unsubscribe", removed);
    }

    @Override
    public void received(byte[] message) {
        if (ended) {
            return;
        }
        heardAt = time.nanos();
        JsonNode frame;
        try {
            frame = FrameCodec.tree(message);
        } catch (FairleadException e) {
            end("Kraken sent something that is no frame");
            return;
        }
        switch (frame.path("channel").asText()) {
            case "status" -> {
                if (!greeted) {
                    greeted = true;
                    request("subscribe", symbols);
                    listener.ready();
                }
            }
            case "ticker" -> ticker(frame.path("data"));
            default -> answered(frame); // or a heartbeat
        }
    }

    /** Kraken answers for each symbol of its own, and names it where it refuses it. */
    private void answered(JsonNode frame) {
        if (frame.path("method").asText().equals("subscribe")
                && frame.path("success").isBoolean()
                && !frame.path("success").asBoolean()) {
            String why = RefusalText.of(frame.path("error").asText());
            String symbol = frame.path("symbol").asText();
            if (symbols.contains(symbol)) {
                listener.unknown(symbol, "Kraken says: " + why);
            } else {
                listener.remarked("Kraken refuses a subscription: " + why);
            }
        }
    }

    @Override
    public void tick() {
        if (ended) {
            return;
        }
        long now = time.nanos();
        if (!greeted && now - heardAt >= GREETING_TIMEOUT.toNanos()) {
            end("Kraken said nothing within " + GREETING_TIMEOUT.toSeconds() + " s");
        } else if (now - heardAt >= LONGEST_SILENCE.toNanos()) {
            end("Kraken was silent for " + LONGEST_SILENCE.toSeconds() + " s");
        } else if (opened && now - saidAt >= PING.toNanos()) {
            send(FrameCodec.object().put("method", "ping").put("req_id", ++lastRequest));
        }
    }

    private void ticker(JsonNode data) {
        List<MarketQuote> quotes = new ArrayList<>();
        for (JsonNode one : data) {
            String symbol = one.path("symbol").asText();
            if (!symbol.isEmpty()) {
                quotes.add(new MarketQuote(
                        symbol,
                        one.path("bid").asDouble(Double.NaN),
                        one.path("ask").asDouble(Double.NaN),
                        one.path("bid_qty").asDouble(Double.NaN),
                        one.path("ask_qty").asDouble(Double.NaN)));
            }
        }
        if (!quotes.isEmpty()) {
            listener.quotes(quotes);
        }
    }

    private void request(String method, Collection<String> which) {
        List<String> all = List.copyOf(which);
        for (int from = 0; greeted && !ended && from < all.size(); from += SYMBOLS_PER_FRAME) {
            ObjectNode frame = FrameCodec.object().put("method", method);
            // Best prices as they change; by default only trades are told.
            ObjectNode params =
                    frame.putObject("params").put("channel", "ticker").put("event_trigger", "bbo");
            ArrayNode names = params.putArray("symbol");
            all.subList(from, Math.min(all.size(), from + SYMBOLS_PER_FRAME)).forEach(names::add);
            send(frame.put("req_id", ++lastRequest));
        }
    }

    private void send(ObjectNode frame) {
        wire.accept(FrameCodec.encode(frame));
        saidAt = time.nanos();
    }

    private void end(String why) {
        if (!ended) {
            ended = true;
            listener.ended(FeedEnd.lost(why));
        }
    }
}
