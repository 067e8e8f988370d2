package dev.fairlead.gateway.chat.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/**
 * A tool that asks another concern over the bus.
 *
 * @param ask what is asked; its answer is told as JSON
 */
record BusTool(ToolDefinition definition, BiFunction<JsonNode, ToolCaller, Future<?>> ask) implements Tool {
    @Override
    public Future<String> call(JsonNode args, ToolCaller caller) {
        return ask.apply(args, caller).map(answer -> new String(FrameCodec.encode(answer), StandardCharsets.UTF_8));
    }
}
