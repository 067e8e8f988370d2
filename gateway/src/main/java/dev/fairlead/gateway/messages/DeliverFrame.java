package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;

/** A leased message as its recipient gets it. */
final class DeliverFrame {
    private DeliverFrame() {}

    static ConnectionCommand.Envelope of(Batch.Lease lease) {
        QueuedMessage message = lease.message();
        RawJson payload = lease.payload()
                .orElseThrow(() -> new IllegalStateException("No payload was read for " + message.accepted.id()));
        AgentData.Deliver data = new AgentData.Deliver(
                message.accepted.id().toString(),
                lease.attempt(),
                message.accepted.from(),
                message.accepted.type(),
                payload,
                message.accepted.correlationId(),
                message.accepted.acceptedAt().toEpochMilli(),
                lease.attempt() > 1 || lease.again());
        return new ConnectionCommand.Envelope(
                lease.session().connection(),
                lease.session().epoch(),
                AgentSubjects.MESSAGE_DELIVER.value(),
                RawJson.of(FrameCodec.encode(data)),
                message.accepted.traceparent());
    }
}
