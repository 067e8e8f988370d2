package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.FrameCodec;
import java.time.Instant;
import java.util.Optional;

/**
 * A message this agent holds a lease on.
 *
 * @param attempt counts from 1
 * @param redelivered whether it may have been handled before
 */
public record ReceivedMessage(
        String messageId,
        int attempt,
        String from,
        String type,
        JsonNode payload,
        Optional<String> correlationId,
        Instant sentAt,
        boolean redelivered) {

    static ReceivedMessage of(AgentData.Deliver data) {
        return new ReceivedMessage(
                data.messageId(),
                data.attempt(),
                data.from(),
                data.type(),
                data.payload().as(JsonNode.class),
                data.correlationId(),
                Instant.ofEpochMilli(data.sentAt()),
                data.redelivered());
    }

    /**
     * The payload as a record.
     *
     * @throws dev.fairlead.protocol.FairleadException {@code bad_request} that names the field at fault
     */
    public <T> T payloadAs(Class<T> type) {
        return FrameCodec.fromTree(payload, type);
    }

    /** Without the payload. */
    @Override
    public String toString() {
        return "ReceivedMessage[" + messageId + ", attempt " + attempt + ", from " + from + ", type " + type + "]";
    }
}
