package dev.fairlead.gateway.agents;

/** What {@link AgentSessions} wants done. */
sealed interface Effect {
    /** Tell everybody. */
    record Publish(AgentEvent event) implements Effect {}

    /**
     * Tell the edge that holds a connection.
     *
     * @param edge its bus place
     */
    record Tell(String edge, ConnectionCommand command) implements Effect {}
}
