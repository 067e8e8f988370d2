package dev.fairlead.gateway.edge.agent;

/**
 * A registered agent on its connection, as handlers of its requests see it.
 *
 * @param name who asks: from the token, never from a frame
 * @param epoch the owner epoch of the connection; what an older one still sends is void
 * @param edge the edge that holds the socket, its bus place
 * @param connection the socket's number on that edge
 */
public record AgentSession(String name, long epoch, String edge, long connection) {}
