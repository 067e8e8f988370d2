package dev.fairlead.gateway.demo.agent;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers chat turns: looks at its own status, tells it word by word, and stops where it is told to. */
final class Conversation {
    private static final Duration A_WORD = Duration.ofMillis(60);
    private static final String TOOL = "status";

    private final AgentClient client;
    private final Scheduler scheduler;
    private final AgentLog log;
    private final Role role;
    private final Supplier<Map<String, Object>> status;
    private final Map<String, Scheduler.Cancellable> running = new HashMap<>();

    /** @param status what it can tell of itself */
    Conversation(
            AgentClient client, Scheduler scheduler, AgentLog log, Role role, Supplier<Map<String, Object>> status) {
        this.client = client;
        this.scheduler = scheduler;
        this.log = log;
        this.role = role;
        this.status = status;
    }

    void prepare() {
        client.onRequest(AgentSubjects.CHAT_TURN.value(), this::turn);
        client.onRequest(AgentSubjects.CHAT_ABORT.value(), this::abort);
    }

    private Future<?> turn(AgentRequest request) {
        AgentData.ChatTurn turn = request.as(AgentData.ChatTurn.class);
        log.info("is asked in a chat: " + turn.content());
        Map<String, Object> found = status.get();
        String call = "call-" + turn.turnId();
        tell(turn, "thinking", Optional.of("looking at what I have done"));
        tool(turn, "tool_call", call, Optional.empty());
        tool(turn, "tool_result", call, Optional.of(FrameCodec.toTree(found).toString()));
        List<String> words = List.of(answer(turn.content(), found).split("(?<= )", -1));
        int[] next = {0};
        running.put(turn.turnId(), scheduler.every(A_WORD, () -> {
            tell(turn, "chunk", Optional.of(words.get(next[0])));
            next[0]++;
            if (next[0] == words.size()) {
                running.remove(turn.turnId()).cancel();
                done(turn, words);
            }
        }));
        return Future.succeededFuture();
    }

    private Future<?> abort(AgentRequest request) {
        String turn = request.as(AgentData.ChatAbort.class).turnId();
        Optional.ofNullable(running.remove(turn)).ifPresent(words -> {
            words.cancel();
            log.info("stops talking");
        });
        return Future.succeededFuture();
    }

    private String answer(String asked, Map<String, Object> found) {
        StringBuilder text = new StringBuilder("I am the " + role.wire() + " of this demo. You said: “" + asked + "”. ")
                .append("I cannot talk about much, but this is what I have done so far:\n");
        found.forEach((what, value) -> text.append("- ")
                .append(what.replace('_', ' '))
                .append(": ")
                .append(value)
                .append('\n'));
        return text.append("My log tells the rest.").toString();
    }

    private void done(AgentData.ChatTurn turn, List<String> words) {
        ChatFrame.Usage usage = new ChatFrame.Usage(turn.content().split("\\s+", -1).length, words.size());
        send(
                AgentSubjects.CHAT_DONE.value(),
                new AgentData.ChatDone(turn.turnId(), String.join("", words), Optional.of(usage)));
    }

    private void tell(AgentData.ChatTurn turn, String type, Optional<String> content) {
        send(
                AgentSubjects.CHAT_EVENT.value(),
                new AgentData.ChatEvent(
                        turn.turnId(),
                        type,
                        content,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private void tool(AgentData.ChatTurn turn, String type, String call, Optional<String> output) {
        send(
                AgentSubjects.CHAT_EVENT.value(),
                new AgentData.ChatEvent(
                        turn.turnId(),
                        type,
                        Optional.empty(),
                        Optional.of(call),
                        Optional.of(TOOL),
                        output.isPresent() ? Optional.empty() : Optional.of(FrameCodec.object()),
                        output,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private void send(String subject, Object data) {
        client.tell(subject, data).onFailure(lost -> log.warn("the chat does not hear it: " + lost.getMessage()));
    }
}
