package dev.fairlead.gateway.upstream.dxlink;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.gateway.upstream.MarketQuote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code data} of one {@code FEED_DATA}: pairs of an event type and flat values, which are as many strides as
 * there are events, or objects, or both. Values that do not fit the fields are not guessed at: they and what follows
 * them in their array are left out, and that is told.
 */
final class QuoteReader {
    private static final String QUOTE = "Quote";

    private final List<QuoteField> fields;
    private final List<MarketQuote> quotes = new ArrayList<>();
    private boolean unreadable;

    /** The event that is being read. */
    private String symbol = "";

    private double bid;
    private double ask;
    private double bidSize;
    private double askSize;
    private boolean fits;

    QuoteReader(List<QuoteField> fields) {
        this.fields = fields;
    }

    DxLinkFrame.FeedData data() {
        return new DxLinkFrame.FeedData(quotes, unreadable);
    }

    void read(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            unreadable = true;
            return;
        }
        boolean quotesFollow = false;
        for (JsonToken token = next(json); token != JsonToken.END_ARRAY; token = next(json)) {
            switch (token) {
                case VALUE_STRING -> quotesFollow = json.getText().equals(QUOTE);
                case START_OBJECT -> full(json);
                case START_ARRAY -> {
                    if (quotesFollow) {
                        compact(json);
                    } else {
                        json.skipChildren();
                    }
                }
                default -> unreadable = true;
            }
        }
    }

    private void compact(JsonParser json) throws IOException {
        int at = 0;
        begin();
        for (JsonToken token = next(json); token != JsonToken.END_ARRAY; token = next(json)) {
            if (fits) {
                take(fields.get(at), json, token);
                at = (at + 1) % fields.size();
                if (at == 0) {
                    end();
                }
            } else {
                json.skipChildren();
            }
        }
        unreadable |= at != 0 || !fits;
    }

    private void full(JsonParser json) throws IOException {
        begin();
        while (next(json) == JsonToken.FIELD_NAME) {
            QuoteField field = QuoteField.of(json.currentName());
            take(field, json, next(json));
        }
        end();
        unreadable |= !fits;
    }

    private void begin() {
        symbol = "";
        bid = Double.NaN;
        ask = Double.NaN;
        bidSize = Double.NaN;
        askSize = Double.NaN;
        fits = true;
    }

    private void end() {
        fits &= !symbol.isEmpty();
        if (fits) {
            quotes.add(new MarketQuote(symbol, bid, ask, bidSize, askSize));
            begin();
        }
    }

    private void take(QuoteField field, JsonParser json, JsonToken token) throws IOException {
        switch (field) {
            case TYPE ->
                fits &= token == JsonToken.VALUE_STRING && json.getText().equals(QUOTE);
            case SYMBOL -> {
                fits &= token == JsonToken.VALUE_STRING;
                symbol = fits ? json.getText() : "";
            }
            case BID -> bid = number(json, token);
            case ASK -> ask = number(json, token);
            case BID_SIZE -> bidSize = number(json, token);
            case ASK_SIZE -> askSize = number(json, token);
            case OTHER -> {}
        }
        json.skipChildren();
    }

    /** Not every number is one: {@code "NaN"}, {@code "Infinity"} and null stand for one that is not known. */
    private double number(JsonParser json, JsonToken token) throws IOException {
        switch (token) {
            case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
                return json.getDoubleValue();
            }
            case VALUE_STRING -> {
                String text = json.getText();
                fits &= text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
            }
            case VALUE_NULL -> {}
            default -> fits = false;
        }
        return Double.NaN;
    }

    private static JsonToken next(JsonParser json) throws IOException {
        JsonToken token = json.nextToken();
        if (token == null) {
            throw new IOException("The frame ends within its data");
        }
        return token;
    }
}
