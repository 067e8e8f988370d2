package dev.fairlead.gateway.tools;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;

/** One thing an agent in a chat can do with the gateway. It keeps nothing between calls. */
public interface Tool {
    ToolDefinition definition();

    /**
     * Does it.
     *
     * @param args checked against {@link ToolDefinition#parameters}
     * @return compact JSON, which an agent reads; fails with a {@link dev.fairlead.protocol.FairleadException} whose
     *     text says what was wrong and what mends it
     */
    Future<String> call(JsonNode args, ToolCaller caller);

    /** What became of such a call that was under way when the gateway ended, as far as it can be found out. */
    default Future<Recovery> lookUp(JsonNode args, ToolCaller caller) {
        return Future.succeededFuture(
                definition().effect() == ToolDefinition.Effect.READ ? new Recovery.Again() : new Recovery.Unknown());
    }
}
