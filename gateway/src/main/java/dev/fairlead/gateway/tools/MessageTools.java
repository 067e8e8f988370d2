package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.number;
import static dev.fairlead.gateway.tools.GatewayTools.text;
import static dev.fairlead.gateway.tools.GatewayTools.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.messages.MessageCommands;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import dev.fairlead.gateway.tools.ToolDefinition.Trait;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What an agent can do with messages. */
final class MessageTools {
    private static final int DEFAULT_MESSAGES = 20;
    private static final int MAX_MESSAGES = 100;
    private static final int MAX_PAYLOAD = 32_768;
    private static final List<String> STATUSES = Arrays.stream(MessageEvent.Kind.values())
            .map(MessageEvent.Kind::wire)
            .toList();
    private static final Set<MessageEvent.Kind> RETRIED_FROM =
            Set.of(MessageEvent.Kind.DEAD_LETTERED, MessageEvent.Kind.FAILED, MessageEvent.Kind.EXPIRED);
    private static final Parameters ID =
            Parameters.of().text("message_id", "The message's id, a UUID", 36).build();

    private MessageTools() {}

    static List<Tool> of(Bus bus) {
        return List.of(
                tool(
                        "list_messages",
                        Effect.READ,
                        "Lists messages between agents, newest first, without their payloads.",
                        Parameters.of()
                                .optional()
                                .text(
                                        "agent",
                                        "Only those it sent or gets",
                                        GatewayTools.NAME_LENGTH,
                                        GatewayTools.NAME)
                                .choice("status", "Only those in this status", STATUSES)
                                .text("correlation_id", "Only those of this chain", 128)
                                .number("limit", "How many; default " + DEFAULT_MESSAGES, 1, MAX_MESSAGES)
                                .build(),
                        (args, caller) -> bus.request(new MessageCommands.Page(
                                text(args, "agent"),
                                text(args, "correlation_id"),
                                text(args, "status").map(MessageTools::status),
                                number(args, "limit", DEFAULT_MESSAGES),
                                Optional.empty()))),
                tool(
                        "get_message",
                        Effect.READ,
                        "Shows one message whole: payload, and each attempt to deliver it.",
                        ID,
                        (args, caller) -> bus.request(
                                new MessageCommands.Get(args.get("message_id").textValue(), Optional.empty()))),
                tool(
                                "send_message",
                                Effect.CHANGE,
                                "Sends a durable message to an agent, from the operator.",
                                Parameters.of()
                                        .text("to", "The agent it is for", GatewayTools.NAME_LENGTH, GatewayTools.NAME)
                                        .text("type", "What kind of message it is, such as task.run", 128)
                                        .json("payload", "Any JSON value", MAX_PAYLOAD)
                                        .optional()
                                        .text("correlation_id", "Ties messages of one matter together", 128)
                                        .build(),
                                (args, caller) -> bus.request(send(args, caller)))
                        // Its key is the call's: the same again is the same message.
                        .lookedUpBy((args, caller) -> Future.succeededFuture(new Recovery.Again())),
                tool(
                                "retry_message",
                                Effect.CHANGE,
                                Set.of(Trait.IDEMPOTENT),
                                "Sends a dead-lettered, failed or expired message out again.",
                                ID,
                                (args, caller) -> bus.request(new MessageCommands.Intervene(
                                        MessageCommands.OperatorAction.RETRY,
                                        args.get("message_id").textValue(),
                                        Optional.empty(),
                                        caller.actor(),
                                        caller.address())))
                        .lookedUpBy((args, caller) -> bus.request(new MessageCommands.Get(
                                        args.get("message_id").textValue(), Optional.empty()))
                                .map(found ->
                                        RETRIED_FROM.contains(found.summary().status())
                                                ? new Recovery.Again()
                                                : BusTool.done(found))));
    }

    private static MessageCommands.Send send(JsonNode args, ToolCaller caller) {
        return new MessageCommands.Send(
                "operator",
                args.get("to").textValue(),
                args.get("type").textValue(),
                RawJson.of((Object) args.get("payload")),
                text(args, "correlation_id"),
                Optional.of(
                        "chat-" + (caller.callId().isEmpty() ? UUID.randomUUID().toString() : caller.callId())),
                Optional.empty(),
                Optional.empty(),
                caller.traceparent());
    }

    private static MessageEvent.Kind status(String wire) {
        return Arrays.stream(MessageEvent.Kind.values())
                .filter(kind -> kind.wire().equals(wire))
                .findFirst()
                .orElseThrow();
    }
}
