package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.bus.Request;

/** Everything is there: calls that were under way before a restart go on. Asked of a node at its {@link #place}. */
public record McpGoOn() implements Request<McpGoOn.GoesOn> {
    /** It does. */
    public record GoesOn() {}

    /** It is about to stop: who listens is told the end. */
    public record Drain() implements Request<GoesOn> {}

    /** The bus place of a node's face. */
    public static String place(String node) {
        return McpCommands.place(node);
    }
}
