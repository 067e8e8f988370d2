package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One open channel of a feed: what was agreed on it, and what is subscribed. Plain state. */
final class DxLinkChannel {
    private static final List<String> KNOWN = List.of(
            "eventType",
            "eventSymbol",
            "eventTime",
            "bidPrice",
            "askPrice",
            "bidSize",
            "askSize",
            "bidTime",
            "askTime");

    private final int number;
    private final Faults faults;
    private final Set<String> symbols = new LinkedHashSet<>();
    private final Map<String, QuoteWalk.Quoted> sent = new LinkedHashMap<>();
    private List<String> fields = List.of("eventType", "eventSymbol", "bidPrice", "askPrice", "bidSize", "askSize");
    private boolean compact;
    private boolean setUp;
    private boolean configOwed;

    DxLinkChannel(int number, Faults faults) {
        this.number = number;
        this.faults = faults;
    }

    boolean isSetUp() {
        return setUp;
    }

    /** Takes a {@code FEED_SETUP}; fields nobody knows are left out. */
    void setUp(JsonNode frame) {
        compact = frame.path("acceptDataFormat").asText("FULL").equals("COMPACT");
        JsonNode wanted = frame.path("acceptEventFields").path("Quote");
        if (wanted.isArray()) {
            List<String> kept = new ArrayList<>();
            wanted.forEach(field -> {
                if (KNOWN.contains(field.asText())) {
                    kept.add(field.asText());
                }
            });
            fields = kept;
        }
        if (faults.isOn(Fault.TRIMMED_FEED_CONFIG)) {
            fields = fields.stream().filter(field -> !field.endsWith("Size")).toList();
        }
        setUp = true;
        configOwed = true;
    }

    boolean owesConfig() {
        return configOwed;
    }

    ObjectNode config() {
        configOwed = false;
        ObjectNode frame = frame("FEED_CONFIG")
                .put("dataFormat", compactNow() ? "COMPACT" : "FULL")
                .put("aggregationPeriod", 0.1);
        ArrayNode names = frame.putObject("eventFields").putArray("Quote");
        fields.forEach(names::add);
        return frame;
    }

    /** Takes a {@code FEED_SUBSCRIPTION}. */
    void subscribe(JsonNode frame) {
        if (frame.path("reset").asBoolean(false)) {
            symbols.clear();
            sent.clear();
        }
        for (JsonNode added : frame.path("add")) {
            if (added.path("type").asText().equals("Quote")) {
                symbols.add(added.path("symbol").asText());
            }
        }
        for (JsonNode removed : frame.path("remove")) {
            symbols.remove(removed.path("symbol").asText());
            sent.remove(removed.path("symbol").asText());
        }
    }

    int subscriptions() {
        return symbols.size();
    }

    /** What moved since the last time, empty where nothing did. */
    List<ObjectNode> news(QuoteWalk quotes) {
        List<QuoteWalk.Quoted> moved = new ArrayList<>();
        for (String symbol : symbols) {
            QuoteWalk.Quoted now = quotes.of(symbol);
            if (!now.equals(sent.put(symbol, now))) {
                moved.add(now);
            }
        }
        if (moved.isEmpty()) {
            return List.of();
        }
        ObjectNode frame = frame("FEED_DATA");
        ArrayNode data = frame.putArray("data");
        if (compactNow()) {
            // Several pairs and several strides in one: a reader that takes only the first of either shows at once.
            int half = (moved.size() + 1) / 2;
            stride(data, moved.subList(0, half));
            if (half < moved.size()) {
                stride(data, moved.subList(half, moved.size()));
            }
        } else {
            moved.forEach(quote -> {
                ObjectNode event = data.addObject();
                fields.forEach(field -> event.set(field, value(quote, field)));
            });
        }
        return List.of(frame);
    }

    private void stride(ArrayNode data, List<QuoteWalk.Quoted> quotes) {
        data.add("Quote");
        ArrayNode values = data.addArray();
        quotes.forEach(quote -> fields.forEach(field -> values.add(value(quote, field))));
    }

    private JsonNode value(QuoteWalk.Quoted quote, String field) {
        ObjectNode holder = FrameCodec.object();
        boolean nan = faults.isOn(Fault.NAN);
        switch (field) {
            case "eventType" -> holder.put(field, "Quote");
            case "eventSymbol" -> holder.put(field, quote.symbol());
            case "bidPrice" -> number(holder, field, quote.bidPrice(), nan);
            case "askPrice" -> number(holder, field, quote.askPrice(), nan);
            case "bidSize" -> number(holder, field, quote.bidSize(), nan || quote.isIndex());
            case "askSize" -> number(holder, field, quote.askSize(), nan || quote.isIndex());
            default -> holder.put(field, 0); // times are often zero
        }
        return holder.get(field);
    }

    private static void number(ObjectNode holder, String field, double value, boolean nan) {
        if (nan) {
            holder.put(field, "NaN");
        } else {
            holder.put(field, value);
        }
    }

    private boolean compactNow() {
        return compact ? !faults.isOn(Fault.FULL_FOR_COMPACT) : faults.isOn(Fault.COMPACT_FOR_FULL);
    }

    private ObjectNode frame(String type) {
        return FrameCodec.object().put("type", type).put("channel", number);
    }
}
