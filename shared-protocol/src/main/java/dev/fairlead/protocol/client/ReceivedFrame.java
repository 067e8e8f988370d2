package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;

/**
 * A frame as it came.
 *
 * @param text the very text of the message
 */
public record ReceivedFrame(Kind kind, JsonNode json, String text) {

    /** What a frame means for what was known before it. */
    public enum Kind {
        /** {@code snapshot} or {@code backlog}: the state now; forget what was. */
        SNAPSHOT,
        /** {@code resumed}: what was known is good; what was missed follows. */
        RESUMED,
        /** {@code error}: where it ends the connection, the close says whether there will be another. */
        ERROR,
        /** Everything else: a change. */
        DELTA
    }

    /** The frame's {@code type}. */
    public String type() {
        return json.path("type").asText();
    }

    /**
     * The frame as a record of its family, like {@code InstancesFrame.class}.
     *
     * @throws FairleadException where it is none of that family
     */
    public <T> T as(Class<T> family) {
        return FrameCodec.decode(text.getBytes(StandardCharsets.UTF_8), family);
    }
}
