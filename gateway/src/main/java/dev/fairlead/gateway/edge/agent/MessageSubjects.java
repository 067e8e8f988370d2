package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Pipeline;
import dev.fairlead.gateway.messages.MessageCommands;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code message.*}: who sends and who acknowledges is the session's name, whatever a frame says. */
public final class MessageSubjects {
    private record Sent(String messageId, String status) {}

    private record Settled(String messageId, String status) {}

    private final Pipeline messages;

    /** For the edge of the calling context. */
    public MessageSubjects(Bus bus) {
        this.messages = bus.pipeline(MessageCommands.class);
    }

    public List<AgentEndpoint> endpoints() {
        return List.of(
                new AgentEndpoint(AgentSubjects.MESSAGE_SEND, this::send),
                new AgentEndpoint(
                        AgentSubjects.MESSAGE_ACK,
                        (session, data) -> settle(MessageCommands.LeaseAction.ACKNOWLEDGE, session, data)),
                new AgentEndpoint(
                        AgentSubjects.MESSAGE_FAIL,
                        (session, data) -> settle(MessageCommands.LeaseAction.FAIL, session, data)),
                new AgentEndpoint(
                        AgentSubjects.MESSAGE_EXTEND,
                        (session, data) -> settle(MessageCommands.LeaseAction.EXTEND, session, data)));
    }

    private Future<RawJson> send(AgentSession session, Optional<RawJson> data, Optional<String> traceparent) {
        AgentData.Send send = required(data).as(AgentData.Send.class);
        return messages.request(new MessageCommands.Send(
                        session.name(),
                        send.to(),
                        send.type(),
                        send.payload(),
                        send.correlationId(),
                        send.idempotencyKey(),
                        send.ttlSeconds().map(MessageSubjects::seconds),
                        send.requires(),
                        traceparent))
                .map(sent -> RawJson.of(
                        (Object) new Sent(sent.messageId(), sent.status().wire())));
    }

    private Future<RawJson> settle(MessageCommands.LeaseAction action, AgentSession session, Optional<RawJson> data) {
        AgentData.Settle settle = required(data).as(AgentData.Settle.class);
        return messages.request(new MessageCommands.Settle(
                        action, session.name(), session.epoch(), settle.messageId(), settle.attempt(), settle.reason()))
                .map(done -> RawJson.of(
                        (Object) new Settled(done.messageId(), done.status().wire())));
    }

    private static RawJson required(Optional<RawJson> data) {
        return data.orElseThrow(() -> new FairleadException(ErrorCode.BAD_REQUEST, "This subject needs data"));
    }

    /** A number of any size as a duration: what is out of bounds is refused with the bounds, not as an overflow. */
    static Duration seconds(long seconds) {
        return Duration.ofSeconds(Math.max(0, Math.min(seconds, Integer.MAX_VALUE)));
    }
}
