package dev.fairlead.gateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * What an upstream answered over HTTP. Its body may hold tokens and is not shown by {@link #toString}.
 *
 * @param retryAfter of the header, at most five minutes; empty where there is none in seconds
 */
public record UpstreamAnswer(int status, String contentType, Optional<Duration> retryAfter, Buffer body) {
    /** The body as a JSON object; an empty one where it is something else. */
    public JsonNode json() {
        try {
            JsonNode tree = FrameCodec.tree(body.getBytes());
            return tree.isObject() ? tree : FrameCodec.object();
        } catch (FairleadException e) {
            return FrameCodec.object();
        }
    }

    /** Whether it comes from something in front of the API: that speaks HTML. */
    public boolean isHtml() {
        return contentType.startsWith("text/html");
    }

    @Override
    public String toString() {
        return "UpstreamAnswer[" + status + ", " + body.length() + " bytes]";
    }
}
