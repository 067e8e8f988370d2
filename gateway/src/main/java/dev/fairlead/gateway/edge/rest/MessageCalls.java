package dev.fairlead.gateway.edge.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.messages.MessageCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code /api/messages}. */
public final class MessageCalls {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final String OPERATOR = "operator";

    private record NewMessage(
            Optional<String> from,
            String to,
            String type,
            RawJson payload,
            Optional<String> correlationId,
            Optional<String> idempotencyKey,
            Optional<Long> ttlSeconds,
            Optional<String> requires) {
        @Override
        public String toString() {
            return "NewMessage[to=" + to + ", type=" + type + "]";
        }
    }

    private record Accepted(String messageId, MessageEvent.Kind status) {}

    private record Reason(Optional<String> reason) {}

    private final Bus bus;

    public MessageCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/api/messages", Access.AGENT_OR_OPERATOR, this::send)
                        .reading(NewMessage.class)
                        .audited("message.send", call -> call.body(NewMessage.class)
                                .to()),
                Endpoint.get("/api/messages", Access.OPERATOR, this::list),
                Endpoint.get("/api/messages/:id", Access.AGENT_OR_OPERATOR, this::get),
                Endpoint.post(
                        "/api/messages/:id/ack",
                        Access.OPERATOR,
                        call -> intervene(call, MessageCommands.OperatorAction.ACKNOWLEDGE)),
                Endpoint.post(
                        "/api/messages/:id/fail",
                        Access.OPERATOR,
                        call -> intervene(call, MessageCommands.OperatorAction.FAIL)),
                Endpoint.post(
                        "/api/messages/:id/retry",
                        Access.OPERATOR,
                        call -> intervene(call, MessageCommands.OperatorAction.RETRY)));
    }

    private Future<Answer> send(Call call) {
        NewMessage message = call.body(NewMessage.class);
        return bus.request(new MessageCommands.Send(
                        sender(call, message),
                        message.to(),
                        message.type(),
                        message.payload(),
                        message.correlationId(),
                        message.idempotencyKey(),
                        message.ttlSeconds().map(MessageCalls::seconds),
                        message.requires(),
                        call.traceparent()))
                .map(sent -> Answer.json(sent.known() ? 200 : 202, new Accepted(sent.messageId(), sent.status())));
    }

    /** An agent speaks for itself alone; the operator for whom it likes. */
    private static String sender(Call call, NewMessage message) {
        return agent(call).orElseGet(() -> message.from()
                .map(name -> Names.require("Field 'from'", name))
                .orElse(OPERATOR));
    }

    private Future<Answer> list(Call call) {
        return bus.request(new MessageCommands.Page(
                        call.query("instance").map(name -> Names.require("Parameter 'instance'", name)),
                        call.query("correlation_id"),
                        call.query("status").map(MessageCalls::status),
                        call.number("limit", PAGE, 1, MAX_PAGE),
                        call.query("cursor")))
                .map(Answer::ok);
    }

    private Future<Answer> get(Call call) {
        return bus.request(new MessageCommands.Get(call.path("id"), agent(call)))
                .map(found -> {
                    // The payload stands in it as it was sent.
                    var whole = FrameCodec.object();
                    whole.setAll((ObjectNode) FrameCodec.toTree(found.summary()));
                    whole.putPOJO("payload", found.payload());
                    whole.set("attempts", FrameCodec.toTree(found.attempts()));
                    return Answer.ok(whole);
                });
    }

    private Future<Answer> intervene(Call call, MessageCommands.OperatorAction action) {
        Optional<String> reason = call.optionalBody(Reason.class).flatMap(Reason::reason);
        return bus.request(new MessageCommands.Intervene(
                        action, call.path("id"), reason, call.principal().actor(), call.address()))
                .map(done -> Answer.ok(new Accepted(done.messageId(), done.status())));
    }

    /** The agent that asks, if it is one; one that has yet to register is none. */
    private static Optional<String> agent(Call call) {
        if (!(call.principal() instanceof Principal.Agent agent)) {
            return Optional.empty();
        }
        if (agent.kind() != TokenKind.AGENT) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN, "A registration token only registers; use the permanent one it brings");
        }
        return Optional.of(agent.name());
    }

    private static MessageEvent.Kind status(String text) {
        return Arrays.stream(MessageEvent.Kind.values())
                .filter(kind -> kind.wire().equals(text))
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST,
                        "Parameter 'status' is one of "
                                + Arrays.stream(MessageEvent.Kind.values())
                                        .map(MessageEvent.Kind::wire)
                                        .collect(Collectors.joining(", "))));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(Math.max(0, Math.min(seconds, Integer.MAX_VALUE)));
    }
}
