package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One open channel of a feed: what was agreed on it, and what is subscribed. Plain state. */
final class DxLinkChannel {
    /** All fields that a quote has, in the order of the documentation. */
    private static final List<String> KNOWN = List.of(
            "eventSymbol",
            "eventTime",
            "sequence",
            "timeNanoPart",
            "bidTime",
            "bidExchangeCode",
            "bidPrice",
            "bidSize",
            "askTime",
            "askExchangeCode",
            "askPrice",
            "askSize");

    private static final String TYPE = "eventType";

    private final int number;
    private final Faults faults;
    private final Set<String> symbols = new LinkedHashSet<>();
    private final Map<String, QuoteWalk.Quoted> sent = new LinkedHashMap<>();
    private List<String> asked = KNOWN;
    private List<String> fields = KNOWN;
    private boolean compact;
    private boolean configOwed;

    DxLinkChannel(int number, Faults faults) {
        this.number = number;
        this.faults = faults;
    }

    /** Takes a {@code FEED_SETUP}, which may never come or come again; fields nobody knows are left out. */
    void setUp(JsonNode frame) {
        compact = frame.path("acceptDataFormat")
                .asText(compact ? "COMPACT" : "FULL")
                .equals("COMPACT");
        JsonNode wanted = frame.path("acceptEventFields").path("Quote");
        if (wanted.isArray()) {
            List<String> kept = new ArrayList<>();
            wanted.forEach(field -> {
                if (KNOWN.contains(field.asText()) || field.asText().equals(TYPE)) {
                    kept.add(field.asText());
                }
            });
            asked = kept;
        }
        fields = asked;
        if (faults.isOn(Fault.TRIMMED_FEED_CONFIG)) {
            fields = fields.stream().filter(field -> !field.endsWith("Size")).toList();
        }
        if (faults.isOn(Fault.REORDERED_FIELDS)) {
            fields = new ArrayList<>(fields);
            Collections.reverse(fields);
        }
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

    /** The symbols added by a {@code FEED_SUBSCRIPTION} that there are no quotes of, and never will be. */
    List<String> unknown(JsonNode frame, QuotedNames quotes) {
        List<String> unknown = new ArrayList<>();
        for (JsonNode added : frame.path("add")) {
            if (quotes.of(added.path("symbol").asText()).isEmpty()) {
                unknown.add(added.path("symbol").asText());
            }
        }
        return unknown;
    }

    /** What a server says to a symbol it does not know. It means nothing for the channel. */
    ObjectNode error(String symbol) {
        return frame("ERROR").put("error", "BAD_ACTION").put("message", "Unknown symbol: " + symbol);
    }

    int subscriptions() {
        return symbols.size();
    }

    /** What moved since the last time, empty where nothing did. */
    List<ObjectNode> news(QuotedNames quotes) {
        List<QuoteWalk.Quoted> moved = new ArrayList<>();
        for (String symbol : symbols) {
            quotes.of(symbol).filter(now -> !now.equals(sent.put(symbol, now))).ifPresent(moved::add);
        }
        if (moved.isEmpty()) {
            return List.of();
        }
        ObjectNode frame = frame("FEED_DATA");
        ArrayNode data = frame.putArray("data");
        if (compactNow()) {
            // Of one type everything stands in one pair: the vendor's own client reads no other.
            int half = faults.isOn(Fault.SPLIT_PAIRS) ? (moved.size() + 1) / 2 : moved.size();
            stride(data, moved.subList(0, half));
            if (half < moved.size()) {
                stride(data, moved.subList(half, moved.size()));
            }
        } else {
            moved.forEach(quote -> {
                ObjectNode event = data.addObject().put(TYPE, "Quote");
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
            case TYPE -> holder.put(field, "Quote");
            case "eventSymbol" -> holder.put(field, quote.symbol());
            case "bidPrice" -> number(holder, field, quote.bidPrice(), nan);
            case "askPrice" -> number(holder, field, quote.askPrice(), nan);
            case "bidSize" -> number(holder, field, quote.bidSize(), nan || quote.isIndex());
            case "askSize" -> number(holder, field, quote.askSize(), nan || quote.isIndex());
            case "bidExchangeCode", "askExchangeCode" -> holder.put(field, "Q");
            default -> holder.put(field, 0); // times and sequences are often zero
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
