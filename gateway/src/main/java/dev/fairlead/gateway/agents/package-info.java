/**
 * Agents and their sessions: who may register, which connection speaks for an agent, who is online. Other concerns meet
 * it through {@link dev.fairlead.gateway.agents.AgentCommands} and {@link dev.fairlead.gateway.agents.AgentEvent}, the
 * edges also through {@link dev.fairlead.gateway.agents.ConnectionEvent} and
 * {@link dev.fairlead.gateway.agents.ConnectionCommand}.
 */
package dev.fairlead.gateway.agents;
