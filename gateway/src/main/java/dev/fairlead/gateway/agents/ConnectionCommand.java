package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.RawJson;
import java.util.List;
import java.util.Optional;

/**
 * What the one edge that holds a connection is told about it, at the place named by
 * {@link AgentCommands.Connection#edge}.
 */
public sealed interface ConnectionCommand extends Event {
    /**
     * Closes a connection; one that is gone already is no error.
     *
     * @param epoch the registration it is about; a connection that registered again since stays
     * @param reason for the close frame, within what that can carry
     * @param error sent to the agent first
     */
    record Close(
            long connectionId, String name, long epoch, CloseCode closeCode, String reason, Optional<ErrorCode> error)
            implements ConnectionCommand {}

    /**
     * Sends envelopes, in order. One for a connection that is gone, or registered anew since, is dropped; a connection
     * that takes too little for one is closed, since what was promised to it in order would have a hole.
     */
    record Deliver(List<Envelope> envelopes) implements ConnectionCommand {
        public Deliver {
            envelopes = List.copyOf(envelopes);
        }
    }

    /**
     * An envelope for one connection.
     *
     * @param epoch the registration it is meant for
     * @param data an object
     * @param traceparent in the course of which trace it is sent
     */
    record Envelope(long connectionId, long epoch, String subject, RawJson data, Optional<String> traceparent) {
        /** One that is in no trace. */
        public Envelope(long connectionId, long epoch, String subject, RawJson data) {
            this(connectionId, epoch, subject, data, Optional.empty());
        }
    }
}
