package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;

/** A prompt that is ours to answer, and what is told on the way. Used on the server's event loop only. */
public final class AcpTurn {
    private static final String ALLOW = "allow";

    private final AcpLink link;
    private final String session;
    private final String text;
    private final Promise<Void> cancelled = Promise.promise();

    AcpTurn(AcpLink link, String session, String text) {
        this.link = link;
        this.session = session;
        this.text = text;
    }

    public String session() {
        return session;
    }

    /** What the user says; empty where a session is only loaded. */
    public String text() {
        return text;
    }

    /** Completes when the user cancels it; never otherwise. */
    public Future<Void> cancelled() {
        return cancelled.future();
    }

    void cancel() {
        cancelled.tryComplete();
    }

    /** A piece of the answer. */
    public void say(String piece) {
        chunk("agent_message_chunk", piece);
    }

    /** What is considered. */
    public void thought(String piece) {
        chunk("agent_thought_chunk", piece);
    }

    /** What the user said, where a session is loaded. */
    public void user(String piece) {
        chunk("user_message_chunk", piece);
    }

    /**
     * One step of a plan.
     *
     * @param status {@code pending}, {@code in_progress} or {@code completed}
     */
    public record Step(String content, String status) {}

    /** What is to be done, as it stands now. */
    public void plan(List<Step> steps) {
        ObjectNode update = FrameCodec.object().put("sessionUpdate", "plan");
        var entries = update.putArray("entries");
        steps.forEach(step -> entries.addObject()
                .put("content", step.content())
                .put("priority", "medium")
                .put("status", step.status()));
        update(update);
    }

    /**
     * A tool is called.
     *
     * @param id unique in the session
     * @param kind as ACP has them: {@code read}, {@code edit}, {@code execute}, {@code other} …
     * @param content of ACP, such as a diff; an empty array where there is none
     */
    public record Call(String id, String title, String kind, JsonNode input, JsonNode content) {
        ObjectNode json() {
            ObjectNode json = FrameCodec.object()
                    .put("toolCallId", id)
                    .put("title", title)
                    .put("kind", kind);
            json.set("rawInput", input);
            json.set("content", content);
            return json;
        }
    }

    /**
     * Tells of a call.
     *
     * @param waits whether it waits for somebody to allow it
     */
    public void call(Call call, boolean waits) {
        ObjectNode update = FrameCodec.object().put("sessionUpdate", "tool_call");
        update.setAll(call.json());
        update(update.put("status", waits ? "pending" : "in_progress"));
    }

    /** What came of a call. */
    public void ended(String id, boolean well, String output) {
        ObjectNode update = FrameCodec.object()
                .put("sessionUpdate", "tool_call_update")
                .put("toolCallId", id)
                .put("status", well ? "completed" : "failed");
        ObjectNode content = update.putArray("content").addObject().put("type", "content");
        content.putObject("content").put("type", "text").put("text", output);
        update(update);
    }

    /** Whether the user allows a call; empty where they say nothing, or cannot be asked. Never fails. */
    public Future<Optional<Boolean>> ask(Call call) {
        ObjectNode params = FrameCodec.object().put("sessionId", session);
        params.set("toolCall", call.json());
        var options = params.putArray("options");
        options.addObject().put("optionId", ALLOW).put("name", "Allow").put("kind", "allow_once");
        options.addObject().put("optionId", "reject").put("name", "Reject").put("kind", "reject_once");
        return link.ask("session/request_permission", params)
                .map(answer -> answer.at("/outcome/outcome").asText().equals("selected")
                        ? Optional.of(answer.at("/outcome/optionId").asText().equals(ALLOW))
                        : Optional.<Boolean>empty())
                .otherwise(Optional.empty());
    }

    private void chunk(String kind, String piece) {
        if (!piece.isEmpty()) {
            ObjectNode update = FrameCodec.object().put("sessionUpdate", kind);
            update.putObject("content").put("type", "text").put("text", piece);
            update(update);
        }
    }

    private void update(ObjectNode update) {
        ObjectNode params = FrameCodec.object().put("sessionId", session);
        params.set("update", update);
        link.tell("session/update", params);
    }
}
