package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.faces.acp.AcpTurn;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One session between an editor and the gateway's chat, over as many connections as it takes: each begins after the
 * last number that was heard. How a prompt ended is what the gateway keeps of it, for others may speak in the session,
 * too. All on one event loop.
 */
final class EditorSession implements ChatLink.Listener {
    private static final long LOOK_AGAIN_MS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final GatewayOptions options;
    private final String id;
    private final Optional<String> agent;
    private final Consumer<String> notes;
    private Optional<ChatLink> link = Optional.empty();
    private Optional<Prompt> running = Optional.empty();
    private Promise<Void> opened = Promise.promise();
    private long last;

    /** A prompt that is not answered yet. */
    private static final class Prompt {
        private final AcpTurn turn;
        private final String key = UUID.randomUUID().toString();
        private final Promise<String> end = Promise.promise();
        private final StringBuilder shown = new StringBuilder();
        /** By call, until its result is told: one that is sent while there is no connection is lost. */
        private final Map<String, ChatCommand> decisions = new LinkedHashMap<>();

        Prompt(AcpTurn turn) {
            this.turn = turn;
        }

        ChatCommand message() {
            return new ChatCommand.Message(turn.text(), Optional.empty(), Optional.of(key));
        }

        void say(String piece) {
            shown.append(piece);
            turn.say(piece);
        }

        /** An editor has no way to take back what was shown: what is said anew stands below. */
        void finish(String whole) {
            String before = shown.toString();
            if (whole.startsWith(before)) {
                say(whole.substring(before.length()));
            } else if (!before.endsWith(whole)) {
                say("\n\n" + whole);
            }
            end.tryComplete("end_turn");
        }
    }

    EditorSession(
            Vertx vertx,
            Context context,
            GatewayOptions options,
            String id,
            Optional<String> agent,
            long seen,
            Consumer<String> notes) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.id = id;
        this.agent = agent;
        this.last = seen;
        this.notes = notes;
    }

    /** Connects; fails where that is in vain. */
    Future<Void> open() {
        if (link.isEmpty()) {
            opened = Promise.promise();
            ChatLink made = new ChatLink(vertx, context, options, this::query, this);
            link = Optional.of(made);
            made.open(options.given());
        }
        return opened.future();
    }

    /** Answers a prompt; completes with ACP's word for how it ended. */
    Future<String> prompt(AcpTurn turn) {
        return open().compose(stands -> {
            Prompt prompt = new Prompt(turn);
            running = Optional.of(prompt);
            send(prompt.message());
            turn.cancelled().onSuccess(cancelled -> {
                if (running.filter(prompt::equals).isPresent()) {
                    send(new ChatCommand.Abort());
                }
            });
            return prompt.end.future().onComplete(ended -> running = Optional.empty());
        });
    }

    void ping() {
        send(new ChatCommand.Ping());
    }

    Future<Void> close() {
        return link.map(ChatLink::close).orElseGet(Future::succeededFuture);
    }

    /** What may have been lost is sent again: a message that is known by its key begins nothing. */
    @Override
    public void opened() {
        running.ifPresent(prompt -> {
            send(prompt.message());
            prompt.decisions.values().forEach(this::send);
            if (prompt.turn.cancelled().isComplete()) {
                send(new ChatCommand.Abort());
            }
        });
    }

    @Override
    public void heard(JsonNode frame) {
        String type = frame.path("type").asText();
        if (type.equals("session_start")) {
            opened.tryComplete();
        }
        if (frame.has("n")) {
            if (frame.path("n").asLong() <= last) {
                return;
            }
            last = frame.path("n").asLong();
        }
        running.ifPresent(prompt -> {
            switch (type) {
                case "chunk" -> prompt.say(frame.path("content").asText());
                case "thinking" -> prompt.turn.thought(frame.path("content").asText());
                case "tool_call" -> called(prompt, frame);
                case "tool_result" -> {
                    prompt.decisions.remove(frame.path("id").asText());
                    EditorFrames.result(frame, prompt.turn);
                }
                case "done", "aborted" -> look(prompt, Optional.empty());
                case "error" -> look(prompt, Optional.of(frame.path("message").asText()));
                default -> {}
            }
        });
    }

    @Override
    public void lost(Optional<CloseCode> how, String why, Duration retryIn) {
        if (how.equals(Optional.of(CloseCode.TOO_BIG))) {
            running.ifPresent(prompt -> prompt.end.tryFail(new FairleadException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "The prompt is larger than the gateway takes (ws.max_message)")));
        }
        notes.accept(why + "; next attempt in " + retryIn.toMillis() + " ms");
    }

    @Override
    public void over(ExitStatus status, String why) {
        link = Optional.empty();
        FairleadException end = new FairleadException(ErrorCode.CHAT_AGENT_ERROR, why);
        opened.tryFail(end);
        running.ifPresent(prompt -> prompt.end.tryFail(end));
    }

    private void called(Prompt prompt, JsonNode frame) {
        AcpTurn.Call call = EditorFrames.call(frame);
        boolean waits = frame.path("approval").asText().equals("required");
        prompt.turn.call(call, waits);
        if (waits) {
            prompt.turn
                    .ask(call)
                    .onSuccess(answer -> answer.ifPresent(allowed -> {
                        ChatCommand decision =
                                allowed ? new ChatCommand.Approve(call.id()) : new ChatCommand.Deny(call.id());
                        prompt.decisions.put(call.id(), decision);
                        send(decision);
                    }));
        }
    }

    /** Whether it was this prompt that ended, and how. */
    private void look(Prompt prompt, Optional<String> refusal) {
        context.executeBlocking(() -> new ChatHistory(new GatewayCalls(options), id).backTo(Optional.of(prompt.key)))
                .onSuccess(messages -> settle(prompt, messages, refusal))
                .onFailure(failure -> vertx.setTimer(LOOK_AGAIN_MS, due -> look(prompt, refusal)));
    }

    private void settle(Prompt prompt, List<JsonNode> messages, Optional<String> refusal) {
        Optional<JsonNode> asked = messages.stream()
                .filter(message -> message.path("idempotency_key").asText().equals(prompt.key))
                .findFirst();
        String turn = asked.map(message -> message.path("turn_id").asText()).orElse("");
        switch (asked.map(message -> message.path("status").asText()).orElse("")) {
            case "queued", "running" -> {} // it was another that ended
            case "done" -> prompt.finish(said(messages, turn, "assistant"));
            case "aborted" -> prompt.end.tryComplete("cancelled");
            case "" ->
                refusal.ifPresent(why -> prompt.end.tryFail(new FairleadException(ErrorCode.CHAT_AGENT_ERROR, why)));
            default ->
                prompt.end.tryFail(new FairleadException(ErrorCode.CHAT_AGENT_ERROR, said(messages, turn, "error")));
        }
    }

    private static String said(List<JsonNode> messages, String turn, String role) {
        return messages.stream()
                .filter(message -> message.path("turn_id").asText().equals(turn)
                        && message.path("role").asText().equals(role))
                .map(message -> message.path("content").asText())
                .reduce("", (earlier, later) -> later);
    }

    private void send(ChatCommand command) {
        link.ifPresent(open -> open.send(command));
    }

    private String query() {
        return "?session_id=" + GatewayCommand.encoded(id) + "&after=" + last
                + agent.map(name -> "&agent=" + GatewayCommand.encoded(name)).orElse("");
    }
}
