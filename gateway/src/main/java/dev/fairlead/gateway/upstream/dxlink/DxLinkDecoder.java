package dev.fairlead.gateway.upstream.dxlink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.RefusalText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a server's frames in one pass, without a tree: most of what comes is numbers. It remembers the order of fields
 * the server announced last, which compact values cannot be read without. Not thread-safe.
 */
public final class DxLinkDecoder {
    private static final Set<String> ERRORS =
            Set.of("UNSUPPORTED_PROTOCOL", "TIMEOUT", "UNAUTHORIZED", "INVALID_MESSAGE", "BAD_ACTION");
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(64 * 1024)
                    .maxNumberLength(100)
                    .maxNameLength(1_000)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** What one frame said, whatever its type and the order of its fields. */
    private static final class Said {
        private String type = "";
        private String state = "";
        private String error = "";
        private String message = "";
        private int channel = -1;
        private OptionalLong keepalive = OptionalLong.empty();
        private List<QuoteField> fields = List.of();
        private final QuoteReader quotes;

        Said(List<QuoteField> fields) {
            this.quotes = new QuoteReader(fields);
        }
    }

    private List<QuoteField> fields = QuoteField.ASKED;

    /**
     * The quotes of one message, for who has no session.
     *
     * @throws IOException where it is no JSON object, or one beyond the bounds
     */
    public List<MarketQuote> quotes(byte[] message) throws IOException {
        return read(message) instanceof DxLinkFrame.FeedData data ? data.quotes() : List.of();
    }

    /**
     * Reads one message.
     *
     * @throws IOException where it is no JSON object, or one beyond the bounds
     */
    DxLinkFrame read(byte[] message) throws IOException {
        Said said = new Said(fields);
        try (JsonParser json = FACTORY.createParser(message)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("A frame is a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                read(json, said);
            }
            if (json.nextToken() != null) {
                throw new IOException("Something follows the frame");
            }
        }
        return frame(said);
    }

    private static void read(JsonParser json, Said said) throws IOException {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
            case "type" -> said.type = text(json, value);
            case "state" -> said.state = text(json, value);
            case "error" -> said.error = text(json, value);
            case "message" -> said.message = text(json, value);
            case "channel" -> said.channel = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : -1;
            case "keepaliveTimeout" ->
                said.keepalive = value == JsonToken.VALUE_NUMBER_INT
                        ? OptionalLong.of(json.getLongValue())
                        : OptionalLong.empty();
            case "eventFields" -> said.fields = fields(json, value);
            case "data" -> said.quotes.read(json, value);
            default -> json.skipChildren();
        }
    }

    private DxLinkFrame frame(Said said) {
        return switch (said.type) {
            case "SETUP" -> new DxLinkFrame.Setup(said.keepalive);
            case "AUTH_STATE" -> new DxLinkFrame.AuthState(said.state.equals("AUTHORIZED"));
            case "CHANNEL_OPENED" -> new DxLinkFrame.ChannelOpened(said.channel);
            case "CHANNEL_CLOSED" -> new DxLinkFrame.ChannelClosed(said.channel);
            case "FEED_CONFIG" -> new DxLinkFrame.FeedConfig(configured(said.fields));
            case "FEED_DATA" -> said.quotes.data();
            case "KEEPALIVE" -> new DxLinkFrame.Keepalive();
            case "ERROR" ->
                new DxLinkFrame.Failure(
                        Math.max(0, said.channel),
                        ERRORS.contains(said.error) ? said.error : "UNKNOWN",
                        RefusalText.of(said.message));
            default -> new DxLinkFrame.Other();
        };
    }

    /** A configuration without fields leaves them as they are. */
    private boolean configured(List<QuoteField> announced) {
        if (announced.isEmpty() || announced.equals(fields)) {
            return false;
        }
        fields = announced;
        return true;
    }

    private static List<QuoteField> fields(JsonParser json, JsonToken value) throws IOException {
        List<QuoteField> announced = new ArrayList<>();
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return announced;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean ofQuotes = json.currentName().equals("Quote");
            if (json.nextToken() == JsonToken.START_ARRAY && ofQuotes) {
                for (JsonToken name = json.nextToken(); name != JsonToken.END_ARRAY; name = json.nextToken()) {
                    announced.add(name == JsonToken.VALUE_STRING ? QuoteField.of(json.getText()) : QuoteField.OTHER);
                    json.skipChildren();
                }
            } else {
                json.skipChildren();
            }
        }
        return announced;
    }

    private static String text(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }
}
