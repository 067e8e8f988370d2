package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.keys.KeyCommands;
import dev.fairlead.gateway.tools.ToolDefinition;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, as their credentials prove.
 *
 * @param actor as the audit trail calls them
 * @param holder the id of their key, or {@link #OPERATOR}: names of keys are not unique
 * @param address from where
 * @param scopes of a key
 * @param traceparent in the course of which trace
 */
public record McpCaller(
        String actor, String holder, String address, Set<KeyCommands.Scope> scopes, Optional<String> traceparent) {
    /** Who holds the operator's own credentials, which no scope narrows. */
    public static final String OPERATOR = "operator";

    public McpCaller {
        scopes = Set.copyOf(scopes);
    }

    /** The same, in the course of a trace. */
    McpCaller within(Optional<String> trace) {
        return new McpCaller(actor, holder, address, scopes, trace);
    }

    /** What becomes of a call. */
    enum Permission {
        /** It is done at once. */
        GRANTED,
        /** A person approves it first. */
        ASKS,
        /** The key is not made for it. */
        REFUSED
    }

    /**
     * Whether a tool may be called. Who only looks needs nobody; a key says by its scope what else is done at once.
     * What cannot be taken back is approved by a person in any case, and asked for by who may trade alone.
     */
    Permission permission(ToolDefinition.Effect effect) {
        return switch (effect) {
            case READ -> Permission.GRANTED;
            case CHANGE -> scopes.contains(KeyCommands.Scope.OPERATE) ? Permission.GRANTED : Permission.ASKS;
            case IRREVERSIBLE ->
                operator() || scopes.contains(KeyCommands.Scope.TRADE) ? Permission.ASKS : Permission.REFUSED;
        };
    }

    /**
     * Whether the person at the client may be the one who approves: never for a key that could not do it otherwise, or
     * whoever holds it would approve for themselves.
     */
    boolean mayApprove(ToolDefinition.Effect effect) {
        return operator() || (effect == ToolDefinition.Effect.IRREVERSIBLE && scopes.contains(KeyCommands.Scope.TRADE));
    }

    private boolean operator() {
        return holder.equals(OPERATOR);
    }
}
