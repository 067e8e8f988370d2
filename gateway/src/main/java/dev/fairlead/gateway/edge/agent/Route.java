package dev.fairlead.gateway.edge.agent;

/**
 * Where an agent's connection is: which edge, which socket on it, and the owner epoch that makes it the current one.
 */
record Route(String edge, long connection, long epoch) {}
