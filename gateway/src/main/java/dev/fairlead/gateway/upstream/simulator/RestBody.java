package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The body of a call. */
final class RestBody {
    private RestBody() {}

    /** The JSON object it is; empty where it is none. */
    static Optional<JsonNode> json(RoutingContext context) {
        Buffer body = context.body().buffer();
        if (body == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(FrameCodec.tree(body.getBytes())).filter(JsonNode::isObject);
        } catch (FairleadException e) {
            return Optional.empty();
        }
    }
}
