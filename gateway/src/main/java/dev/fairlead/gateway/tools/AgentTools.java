package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.tool;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import java.util.List;

/** What an agent can do with agents. */
final class AgentTools {
    private AgentTools() {}

    static List<Tool> of(Bus bus) {
        return List.of(
                tool(
                        "list_agents",
                        Effect.READ,
                        "Lists the registered agents with status (online, stale, offline) and when each was last seen.",
                        Parameters.NONE,
                        (args, caller) -> bus.request(new AgentCommands.ListAgents())),
                tool(
                        "get_agent",
                        Effect.READ,
                        "Shows one agent: status, when it was last seen, version, capabilities.",
                        Parameters.of()
                                .text("name", "The agent's name", GatewayTools.NAME_LENGTH, GatewayTools.NAME)
                                .build(),
                        (args, caller) -> bus.request(new AgentCommands.GetAgent(
                                        args.get("name").textValue()))
                                .map(AgentCommands.AgentFound::agent)));
    }
}
