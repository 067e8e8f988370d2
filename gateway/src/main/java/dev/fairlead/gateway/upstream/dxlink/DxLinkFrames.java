package dev.fairlead.gateway.upstream.dxlink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a client says, as bytes. */
final class DxLinkFrames {
    /** The channel of quotes; clients open odd ones. */
    static final int CHANNEL = 1;

    /** Servers cut a client that sends larger frames. */
    static final int MOST_BYTES = 8 * 1024;

    private static final int CONNECTION = 0;
    private static final int KEEPALIVE_SECONDS = 60;
    private static final double AGGREGATION_SECONDS = 0.1;

    private DxLinkFrames() {}

    static byte[] setup() {
        return FrameCodec.encode(frame("SETUP", CONNECTION)
                .put("version", "0.1-" + UpstreamHttp.USER_AGENT)
                .put("keepaliveTimeout", KEEPALIVE_SECONDS)
                .put("acceptKeepaliveTimeout", KEEPALIVE_SECONDS));
    }

    static byte[] auth(Secret token) {
        return FrameCodec.encode(frame("AUTH", CONNECTION).put("token", token.reveal()));
    }

    static byte[] keepalive() {
        return FrameCodec.encode(frame("KEEPALIVE", CONNECTION));
    }

    static byte[] channelRequest() {
        ObjectNode request = frame("CHANNEL_REQUEST", CHANNEL).put("service", "FEED");
        request.putObject("parameters").put("contract", "AUTO");
        return FrameCodec.encode(request);
    }

    static byte[] feedSetup() {
        ObjectNode setup = frame("FEED_SETUP", CHANNEL)
                .put("acceptAggregationPeriod", AGGREGATION_SECONDS)
                .put("acceptDataFormat", "COMPACT");
        ArrayNode fields = setup.putObject("acceptEventFields").putArray("Quote");
        QuoteField.ASKED.forEach(field -> fields.add(field.wire()));
        return FrameCodec.encode(setup);
    }

    /** Subscribes {@code symbols} and nothing else. */
    static List<byte[]> reset(Collection<String> symbols) {
        return subscription("\"reset\":true,\"add\"", "\"add\"", symbols);
    }

    static List<byte[]> add(Collection<String> symbols) {
        return subscription("\"add\"", "\"add\"", symbols);
    }

    static List<byte[]> remove(Collection<String> symbols) {
        return subscription("\"remove\"", "\"remove\"", symbols);
    }

    /** As many frames as it takes to keep each within {@link #MOST_BYTES}; none for no symbols. */
    private static List<byte[]> subscription(String first, String others, Collection<String> symbols) {
        List<byte[]> frames = new ArrayList<>();
        StringBuilder frame = new StringBuilder();
        for (String symbol : symbols) {
            String entry = "{\"type\":\"Quote\",\"symbol\":" + FrameCodec.text(symbol) + '}';
            // Symbols are ASCII: a character is a byte.
            if (frame.length() > 0 && frame.length() + entry.length() + 3 > MOST_BYTES) {
                frames.add(closed(frame));
                frame.setLength(0);
            }
            if (frame.length() == 0) {
                frame.append("{\"type\":\"FEED_SUBSCRIPTION\",\"channel\":")
                        .append(CHANNEL)
                        .append(',')
                        .append(frames.isEmpty() ? first : others)
                        .append(":[");
            } else {
                frame.append(',');
            }
            frame.append(entry);
        }
        if (frame.length() > 0) {
            frames.add(closed(frame));
        }
        return frames;
    }

    private static byte[] closed(StringBuilder frame) {
        return (frame + "]}").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode frame(String type, int channel) {
        return FrameCodec.object().put("type", type).put("channel", channel);
    }
}
