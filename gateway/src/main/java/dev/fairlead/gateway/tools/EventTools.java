package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.number;
import static dev.fairlead.gateway.tools.GatewayTools.tool;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import java.time.Duration;
import java.util.List;

/** What an agent can ask of what happened. */
final class EventTools {
    private static final int DEFAULT_MINUTES = 10;
    private static final int MOST_MINUTES = 24 * 60;

    private EventTools() {}

    static List<Tool> of(Bus bus, TimeSource time, String node) {
        return List.of(tool(
                "recent_events",
                Effect.READ,
                "Tells what happened in the last minutes, oldest first: instances, agents, token, orders, dead letters"
                        + " and turns of chats; the newest " + EventCommands.MOST_TOLD
                        + " at most. whole is false where"
                        + " more happened.",
                Parameters.of()
                        .optional()
                        .number("minutes", "How many; default " + DEFAULT_MINUTES, 1, MOST_MINUTES)
                        .build(),
                (args, caller) -> bus.requestAt(
                        node,
                        new EventCommands.Since(
                                time.instant().minus(Duration.ofMinutes(number(args, "minutes", DEFAULT_MINUTES)))))));
    }
}
