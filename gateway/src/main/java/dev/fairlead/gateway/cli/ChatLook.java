package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A look at what the gateway keeps, to find out what became of a message of ours. What is told meanwhile is held back.
 * Frames do not say whose turn they belong to, so that what was read is sure only where no turn ended since the reading
 * began: every end before that is part of it. Plain state.
 */
final class ChatLook {
    /** What became of a message. */
    enum Fate {
        /** The gateway does not have it. */
        UNKNOWN,
        UNDER_WAY,
        ENDED
    }

    private static final Set<String> ENDS = Set.of("done", "aborted", "error");
    private static final Set<String> OPEN = Set.of("queued", "running");

    private final Optional<String> key;
    private final boolean afterReconnect;
    private final List<JsonNode> held = new ArrayList<>();
    private Optional<List<JsonNode>> rows = Optional.empty();
    private int heardBefore; // of those held: that were when the reading began
    private boolean reading;

    /**
     * A look that begins now.
     *
     * @param key of our message whose turn has not ended as far as we know
     * @param afterReconnect whether the connection is new: what was told before it may have been missed
     */
    ChatLook(Optional<String> key, boolean afterReconnect) {
        this.key = key;
        this.afterReconnect = afterReconnect;
    }

    boolean afterReconnect() {
        return afterReconnect;
    }

    void heard(JsonNode frame) {
        held.add(frame);
    }

    /** The reading begins now. */
    void reading() {
        heardBefore = held.size();
        reading = true;
    }

    boolean isReading() {
        return reading;
    }

    /** The messages that are kept, oldest first; nothing where they could not be read. */
    void read(Optional<List<JsonNode>> messages) {
        reading = false;
        rows = messages;
    }

    /** Whether it is known what was heard is part of what was read, and what is not. */
    boolean isSure() {
        return rows.isPresent()
                && held.subList(heardBefore, held.size()).stream().noneMatch(ChatLook::isEnd);
    }

    Fate fate() {
        return question()
                .map(row -> OPEN.contains(text(row, "status")) ? Fate.UNDER_WAY : Fate.ENDED)
                .orElse(Fate.UNKNOWN);
    }

    /** Whether our turn failed, or was refused. */
    boolean hasFailed() {
        return question().filter(row -> !text(row, "status").equals("error")).isEmpty();
    }

    /** Whether a turn of somebody else's is under way, or was asked for. */
    boolean company() {
        return kept("user").stream()
                        .anyMatch(row -> OPEN.contains(text(row, "status"))
                                && !key.equals(Optional.of(text(row, "idempotency_key"))))
                || held.stream()
                        .anyMatch(frame -> frame.at("/event/type").asText().equals("user_message"));
    }

    /** What was told of turns that have ended. After a reconnect that is not all there is: {@link #missed}. */
    List<JsonNode> before() {
        return afterReconnect ? List.of() : held.subList(0, lastEnd());
    }

    /** What was told of the turn that runs. */
    List<JsonNode> since() {
        return held.subList(lastEnd(), held.size());
    }

    /** Calls that wait for nobody any more. */
    List<String> decided() {
        return kept("tool_call").stream()
                .filter(row -> !text(row, "status").equals("pending"))
                .map(row -> text(row, "tool_call_id"))
                .toList();
    }

    /** Whether a call belongs to the turn of our message. */
    boolean isOurs(String callId) {
        String turn = question().map(row -> text(row, "turn_id")).orElse("");
        return kept("tool_call").stream()
                .anyMatch(row -> text(row, "tool_call_id").equals(callId)
                        && text(row, "turn_id").equals(turn));
    }

    /** After a reconnect: our turn, which ended meanwhile, as the frames it was told by. */
    List<JsonNode> missed() {
        Optional<JsonNode> question = question().filter(row -> afterReconnect);
        if (question.isEmpty()) {
            return List.of();
        }
        List<JsonNode> frames = new ArrayList<>();
        for (JsonNode row : rows.orElseThrow()) {
            if (text(row, "turn_id").equals(text(question.get(), "turn_id"))
                    && !text(row, "role").equals("user")) {
                frames.add(frame(row));
            }
        }
        if (frames.stream().noneMatch(ChatLook::isEnd)) { // aborted before there was anything of an answer
            frames.add(FrameCodec.object().put("type", "aborted").put("partial_response", ""));
        }
        return frames;
    }

    private static JsonNode frame(JsonNode row) {
        ObjectNode frame = FrameCodec.object();
        String content = text(row, "content");
        switch (text(row, "role")) {
            case "tool_call" ->
                frame.put("type", "tool_call")
                        .put("id", text(row, "tool_call_id"))
                        .put("name", text(row, "tool_name"))
                        .set("args", row.path("args"));
            case "tool_result" ->
                frame.put("type", "tool_result")
                        .put("id", text(row, "tool_call_id"))
                        .put("name", text(row, "tool_name"))
                        .put("output", content);
            case "error" ->
                frame.put("type", "error").put("code", text(row, "status")).put("message", content);
            default -> {
                switch (text(row, "status")) {
                    case "complete" -> frame.put("type", "done").put("full_response", content);
                    case "aborted" -> frame.put("type", "aborted").put("partial_response", content);
                    default -> frame.put("type", "partial").put("content", content); // its error follows
                }
            }
        }
        return frame;
    }

    private Optional<JsonNode> question() {
        return kept("user").stream()
                .filter(row -> key.equals(Optional.of(text(row, "idempotency_key"))))
                .findFirst();
    }

    private List<JsonNode> kept(String role) {
        return rows.orElse(List.of()).stream()
                .filter(row -> text(row, "role").equals(role))
                .toList();
    }

    private int lastEnd() {
        int end = held.size();
        while (end > 0 && !isEnd(held.get(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isEnd(JsonNode frame) {
        return ENDS.contains(text(frame, "type"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
