package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Subject;
import java.util.Optional;

/**
 * What an agent is asked, or told.
 *
 * @param data any JSON value; an empty object where nothing came with it
 * @param from the agent that asks; empty where it is the gateway
 */
public record AgentRequest(Subject subject, JsonNode data, Optional<String> from) {

    /**
     * The data as a record.
     *
     * @throws dev.fairlead.protocol.FairleadException {@code bad_request} that names the field at fault; let it pass,
     *     and it is the answer
     */
    public <T> T as(Class<T> type) {
        return FrameCodec.fromTree(data, type);
    }

    /** Without the data, which does not belong into logs. */
    @Override
    public String toString() {
        return "AgentRequest[" + subject + from.map(name -> " from " + name).orElse("") + "]";
    }
}
