package dev.fairlead.gateway.bus;

/**
 * News for the node alone on which it is told: of its own sockets, or what it stores itself. Other nodes hear nothing.
 */
public interface NodeEvent extends Event {}
