package dev.fairlead.gateway.bus;

/**
 * News of something that was committed. A family of events is a sealed interface in the package of the concern that
 * tells it; who subscribes to the family hears every event of it, in the order they were published.
 */
public interface Event {}
