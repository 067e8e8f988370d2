package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.number;
import static dev.fairlead.gateway.tools.GatewayTools.tool;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import java.util.List;
import java.util.Optional;

/** What an agent can do with logs. */
final class LogTools {
    private static final int DEFAULT_LINES = 20;
    private static final int MAX_LINES = 200;

    private LogTools() {}

    static List<Tool> of(Bus bus, String node) {
        String place = LogCommands.place(node);
        return List.of(
                tool(
                        "read_log",
                        Effect.READ,
                        "Shows the latest lines of the log of an instance or agent, oldest first.",
                        Parameters.of()
                                .text("name", "Whose log", GatewayTools.NAME_LENGTH, GatewayTools.NAME)
                                .optional()
                                .number("lines", "How many; default " + DEFAULT_LINES, 1, MAX_LINES)
                                .build(),
                        (args, caller) -> bus.requestAt(
                                place,
                                new LogCommands.ReadPage(
                                        args.get("name").textValue(),
                                        number(args, "lines", DEFAULT_LINES),
                                        Optional.empty(),
                                        LogCommands.Filter.NONE))),
                tool(
                        "search_log",
                        Effect.READ,
                        "Finds the latest lines of a log that contain a text.",
                        Parameters.of()
                                .text("name", "Whose log", GatewayTools.NAME_LENGTH, GatewayTools.NAME)
                                .text("text", "What each line must contain, in upper or lower case", 200)
                                .optional()
                                .number("lines", "How many; default " + DEFAULT_LINES, 1, MAX_LINES)
                                .build(),
                        (args, caller) -> bus.requestAt(
                                place,
                                new LogCommands.ReadPage(
                                        args.get("name").textValue(),
                                        number(args, "lines", DEFAULT_LINES),
                                        Optional.empty(),
                                        new LogCommands.Filter(args.get("text").textValue(), false, false)))));
    }
}
