package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code messages ls}, {@code messages show}, {@code messages send} and {@code messages retry}. */
@Command(
        name = "messages",
        description = "The messages between agents.",
        subcommands = {
            MessagesCommand.Ls.class,
            MessagesCommand.Show.class,
            MessagesCommand.Send.class,
            MessagesCommand.Retry.class
        })
final class MessagesCommand {

    /** Lists them. */
    @Command(name = "ls", description = "Lists messages, newest first, without their payloads.")
    static final class Ls extends GatewayCommand {
        @Option(names = "--instance", paramLabel = "NAME", description = "Only those it sent or is sent.")
        private Optional<String> instance = Optional.empty();

        @Option(names = "--correlation-id", paramLabel = "ID", description = "Only those of this chain.")
        private Optional<String> correlationId = Optional.empty();

        @Option(names = "--status", paramLabel = "STATUS", description = "Only those: accepted, dead_lettered, ….")
        private Optional<String> status = Optional.empty();

        @Option(names = "--limit", paramLabel = "N", description = "At most that many (default: ${DEFAULT-VALUE}).")
        private int limit = 100;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where the list before ended.")
        private Optional<String> cursor = Optional.empty();

        Ls(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            StringBuilder query = new StringBuilder("/api/messages?limit=").append(limit);
            add(query, "instance", instance);
            add(query, "correlation_id", correlationId);
            add(query, "status", status);
            add(query, "cursor", cursor);
            JsonNode answer = calls.get(query.toString());
            write(answer, () -> print(answer));
        }

        private void print(JsonNode answer) {
            TextTable table = new TextTable("ID", "ACCEPTED", "FROM", "TO", "TYPE", "STATUS", "ATTEMPT");
            for (JsonNode message : answer.path("messages")) {
                table.row(
                        message.path("message_id").asText(),
                        message.path("accepted_at").asText(),
                        message.path("from").asText(),
                        message.path("to").asText(),
                        message.path("type").asText(),
                        message.path("status").asText(),
                        message.path("attempt").asText());
            }
            table.print(console().out());
            tellMore(answer);
        }
    }

    /** Shows one. */
    @Command(name = "show", description = "Shows one message, its payload and its attempts included, as JSON.")
    static final class Show extends GatewayCommand {
        @Parameters(paramLabel = "ID", description = "The message's id.")
        private String id;

        Show(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get(path(id, ""));
            write(answer, () -> console().out().println(answer.toPrettyString()));
        }
    }

    /** Sends one. */
    @Command(name = "send", description = "Sends a message; prints its id once it is on the gateway's disk.")
    static final class Send extends GatewayCommand {
        @Parameters(index = "0", paramLabel = "TO", description = "The recipient.")
        private String to;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "PAYLOAD",
                description = "Any JSON value; '-' or nothing reads it from stdin.")
        private Optional<String> payload = Optional.empty();

        @Option(names = "--type", paramLabel = "TYPE", required = true, description = "What kind of message it is.")
        private String type;

        @Option(names = "--from", paramLabel = "NAME", description = "The sender (default: operator).")
        private Optional<String> from = Optional.empty();

        @Option(names = "--correlation-id", paramLabel = "ID", description = "The chain it belongs to.")
        private Optional<String> correlationId = Optional.empty();

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "The same key again within 24 h sends nothing new (default: one of its own).")
        private Optional<String> key = Optional.empty();

        @Option(names = "--ttl", paramLabel = "SECONDS", description = "How long it may wait.")
        private Optional<Long> ttl = Optional.empty();

        @Option(names = "--requires", paramLabel = "WHAT", description = "token.valid: wait for the upstream token.")
        private Optional<String> requires = Optional.empty();

        Send(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            ObjectNode message = JsonNodeFactory.instance.objectNode();
            from.ifPresent(name -> message.put("from", name));
            message.put("to", to).put("type", type).set("payload", json());
            correlationId.ifPresent(chain -> message.put("correlation_id", chain));
            String once = key.orElseGet(() -> UUID.randomUUID().toString());
            message.put("idempotency_key", once);
            ttl.ifPresent(seconds -> message.put("ttl_seconds", seconds));
            requires.ifPresent(what -> message.put("requires", what));
            JsonNode answer = posted(calls, message, once);
            write(
                    answer,
                    () -> console().out().println(answer.path("message_id").asText()));
        }

        private static JsonNode posted(GatewayCalls calls, ObjectNode message, String once) {
            try {
                return calls.post("/api/messages", message);
            } catch (CommandFailure e) {
                if (e.outcomeKnown()) {
                    throw e;
                }
                throw new CommandFailure(
                        e.status(),
                        e.getMessage() + ". The message may have been stored; the same command with --key " + once
                                + " sends it once",
                        false);
            }
        }

        private JsonNode json() {
            try {
                return FrameCodec.tree(payload.filter(text -> !text.equals("-")).orElseGet(this::stdin));
            } catch (FairleadException e) {
                throw new CommandFailure(ExitStatus.USAGE, "The payload is not JSON: " + e.getMessage());
            }
        }

        private String stdin() {
            try {
                return new String(console().in().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new CommandFailure(ExitStatus.USAGE, "The payload cannot be read from stdin");
            }
        }
    }

    /** Sends one again. */
    @Command(name = "retry", description = "Sends a message again that ended without being acknowledged.")
    static final class Retry extends GatewayCommand {
        @Parameters(paramLabel = "ID", description = "The message's id.")
        private String id;

        Retry(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.post(path(id, "/retry"), JsonNodeFactory.instance.objectNode());
            tell(answer, "Message " + id + " goes out again.");
        }
    }

    private static String path(String id, String call) {
        return "/api/messages/" + GatewayCommand.encoded(id) + call;
    }
}
