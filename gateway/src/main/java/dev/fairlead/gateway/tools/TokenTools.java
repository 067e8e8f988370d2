package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.tool;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import dev.fairlead.gateway.tools.ToolDefinition.Trait;
import java.util.List;
import java.util.Set;

/** What an agent can do with the upstream token; it never sees the token. */
final class TokenTools {
    private TokenTools() {}

    static List<Tool> of(Bus bus) {
        return List.of(
                tool(
                        "token_state",
                        Effect.READ,
                        "Shows the state of the upstream session's token (valid, expiring_soon, refreshing,"
                                + " unavailable), its age and why it is in that state.",
                        Parameters.NONE,
                        (args, caller) ->
                                bus.request(new TokenCommands.GetToken()).map(TokenCommands.Current::token)),
                tool(
                        "refresh_token",
                        Effect.CHANGE,
                        Set.of(Trait.IDEMPOTENT),
                        "Renews the upstream token now.",
                        Parameters.NONE,
                        (args, caller) -> bus.request(new TokenCommands.Refresh(caller.actor(), caller.address()))
                                .map(TokenCommands.Current::token)));
    }
}
