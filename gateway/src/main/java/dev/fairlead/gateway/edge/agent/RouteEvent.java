package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.RawJson;
import java.util.Optional;

/** Requests between agents on their way from one edge to another, told at the receiving edge's place. */
sealed interface RouteEvent extends Event {
    /**
     * A request for an agent whose socket the receiving edge holds.
     *
     * @param ticket what the asking edge knows the question by
     * @param epoch the owner epoch the asking edge means
     * @param from the agent that asks; empty for the operator
     * @param traceparent in the course of which trace
     */
    record Ask(
            String askingEdge,
            long ticket,
            long connection,
            long epoch,
            Optional<String> from,
            Optional<String> traceparent,
            String subject,
            Optional<RawJson> data,
            long timeoutMillis)
            implements RouteEvent {}

    /** The agent's answer. */
    record Answer(long ticket, Optional<RawJson> data) implements RouteEvent {}

    /** There will be no answer: an error code as on the wire. */
    record NoAnswer(long ticket, String code, String message) implements RouteEvent {}
}
