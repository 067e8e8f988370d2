package dev.fairlead.gateway.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The tools of a gateway, each a request of the concern it is about. */
public final class GatewayTools {
    static final int NAME_LENGTH = 63;
    static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

    private GatewayTools() {}

    /** All there are, for the gateway of {@code node}. */
    public static ToolRegistry of(Bus bus, TimeSource time, String node) {
        return new ToolRegistry(all(bus, time, node));
    }

    /** The same, for who has tools besides. */
    public static List<Tool> all(Bus bus, TimeSource time, String node) {
        List<Tool> all = new ArrayList<>();
        all.addAll(InstanceTools.of(bus));
        all.addAll(LogTools.of(bus, node));
        all.addAll(AgentTools.of(bus));
        all.addAll(MessageTools.of(bus));
        all.addAll(EventTools.of(bus, time, node));
        all.addAll(TokenTools.of(bus));
        all.addAll(MarketTools.of(bus));
        all.addAll(ApprovalTools.of(bus));
        return all;
    }

    static BusTool tool(
            String name,
            Effect effect,
            String description,
            Parameters parameters,
            BiFunction<JsonNode, ToolCaller, Future<?>> ask) {
        return tool(name, effect, Set.of(), description, parameters, ask);
    }

    static BusTool tool(
            String name,
            Effect effect,
            Set<ToolDefinition.Trait> traits,
            String description,
            Parameters parameters,
            BiFunction<JsonNode, ToolCaller, Future<?>> ask) {
        return new BusTool(new ToolDefinition(name, description, parameters, effect, traits), ask);
    }

    /** An argument that may have been left out. */
    static Optional<String> text(JsonNode args, String name) {
        return Optional.ofNullable(args.get(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    static int number(JsonNode args, String name, int otherwise) {
        return args.path(name).asInt(otherwise);
    }
}
