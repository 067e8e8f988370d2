package dev.fairlead.gateway.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.function.BiFunction;

/**
 * A tool that asks another concern over the bus.
 *
 * @param ask what is asked; its answer is told as JSON
 * @param lookUp what became of a call
 */
record BusTool(
        ToolDefinition definition,
        BiFunction<JsonNode, ToolCaller, Future<?>> ask,
        BiFunction<JsonNode, ToolCaller, Future<Recovery>> lookUp)
        implements Tool {
    /** One whose calls, where they change something, cannot be looked up. */
    BusTool(ToolDefinition definition, BiFunction<JsonNode, ToolCaller, Future<?>> ask) {
        this(
                definition,
                ask,
                (args, caller) -> Future.succeededFuture(
                        definition.effect() == ToolDefinition.Effect.READ
                                ? new Recovery.Again()
                                : new Recovery.Unknown()));
    }

    @Override
    public Future<String> call(JsonNode args, ToolCaller caller) {
        return ask.apply(args, caller).map(FrameCodec::text);
    }

    @Override
    public Future<Recovery> lookUp(JsonNode args, ToolCaller caller) {
        return lookUp.apply(args, caller);
    }

    /** It took effect: what is there now. */
    static Recovery done(Object answer) {
        return new Recovery.Done(FrameCodec.text(answer));
    }

    BusTool lookedUpBy(BiFunction<JsonNode, ToolCaller, Future<Recovery>> how) {
        return new BusTool(definition, ask, how);
    }
}
