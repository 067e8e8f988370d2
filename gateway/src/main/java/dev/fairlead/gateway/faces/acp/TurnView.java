package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One prompt of an ACP session as a chat shows it. A tool call that is {@code pending} is shown when it goes on, so
 * that one that a person must allow first is one call and not two. Plain state.
 */
final class TurnView {
    private static final Set<String> KINDS =
            Set.of("read", "edit", "delete", "move", "search", "execute", "think", "fetch", "switch_mode");
    private static final int MOST_ARGS = 60_000;
    private static final int MOST_TITLE = 500;
    private static final int MOST_SHOWN_CHANGE = 20_000;
    private static final String NO_OUTCOME = "The agent did not say what came of it";

    private static final class ToolCall {
        private final String id;
        private String title = "";
        private String kind = "";
        private JsonNode content = MissingNode.getInstance();
        private JsonNode locations = MissingNode.getInstance();
        private JsonNode input = MissingNode.getInstance();
        private JsonNode output = MissingNode.getInstance();
        private boolean shown;
        private boolean over;

        ToolCall(String id) {
            this.id = id;
        }
    }

    private final Map<String, ToolCall> calls = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private boolean calledSinceText;
    private int numbers;

    /** What a {@code session/update} shows; nothing for kinds that are none of a chat's, or not known. */
    List<Shown> update(JsonNode update) {
        String kind = update.path("sessionUpdate").asText();
        List<Shown> shown = new ArrayList<>();
        if (!kind.startsWith("tool_call")) {
            showPending(shown);
        }
        switch (kind) {
            case "agent_message_chunk" -> text(ContentText.block(update.path("content")), shown);
            case "agent_thought_chunk" -> {
                String thought = ContentText.block(update.path("content"));
                if (!thought.isEmpty()) {
                    shown.add(new Shown.Thought(thought));
                }
            }
            case "plan" -> shown.add(new Shown.Status("plan", plan(update.path("entries"))));
            case "tool_call", "tool_call_update" -> toolCall(update, shown);
            default -> {
                // Commands, modes, usage, the user's own words: nothing a chat shows.
            }
        }
        return shown;
    }

    /** What a person is to be asked: a call as it is shown, be it known already or not. */
    Shown.Call question(JsonNode toolCall, PermissionOptions options) {
        ToolCall known = merge(toolCall);
        ToolCall asked = known;
        if (known.shown) { // it is under way: this is about a part of it
            asked = new ToolCall(number());
            asked.title = known.title;
            asked.kind = known.kind;
            asked.content = known.content;
            asked.locations = known.locations;
            asked.input = known.input;
            calls.put(asked.id + " asked", asked);
        }
        asked.shown = true;
        calledSinceText = true;
        ObjectNode args = args(asked);
        options.allowsMore().ifPresent(more -> args.put("a_yes_means", more));
        return new Shown.Call(asked.id, name(asked), args);
    }

    /** The prompt has ended: what was not shown yet, and the end of calls that were told none. */
    List<Shown> end() {
        List<Shown> shown = new ArrayList<>();
        showPending(shown);
        for (ToolCall call : calls.values()) {
            if (!call.over) {
                call.over = true;
                shown.add(new Shown.Outcome(call.id, name(call), NO_OUTCOME));
            }
        }
        return shown;
    }

    /** The answer so far, as its pieces make it up. */
    String text() {
        return text.toString();
    }

    /** More of the answer. */
    void text(String piece, List<Shown> shown) {
        if (piece.isEmpty()) {
            return;
        }
        boolean apart = calledSinceText && text.length() > 0 && text.charAt(text.length() - 1) != '\n';
        String appended = apart ? "\n\n" + piece : piece;
        calledSinceText = false;
        text.append(appended);
        shown.add(new Shown.Text(appended));
    }

    private void toolCall(JsonNode update, List<Shown> shown) {
        ToolCall call = merge(update);
        String status = update.path("status").asText();
        boolean ended = status.equals("completed") || status.equals("failed");
        if (!call.shown
                && !status.equals("pending")
                && !(status.isEmpty() && update.path("sessionUpdate").asText().equals("tool_call"))) {
            show(call, shown);
        }
        if (ended && !call.over) {
            call.over = true;
            shown.add(new Shown.Outcome(call.id, name(call), outcome(call, status)));
        }
    }

    private ToolCall merge(JsonNode update) {
        ToolCall call = calls.computeIfAbsent(update.path("toolCallId").asText(), unknown -> new ToolCall(number()));
        call.title = ContentText.cut(update.path("title").asText(call.title), MOST_TITLE);
        call.kind = update.path("kind").asText(call.kind);
        call.content = given(update.path("content"), call.content);
        call.locations = given(update.path("locations"), call.locations);
        call.input = given(update.path("rawInput"), call.input);
        call.output = given(update.path("rawOutput"), call.output);
        return call;
    }

    private static JsonNode given(JsonNode now, JsonNode before) {
        return now.isMissingNode() || now.isNull() ? before : now;
    }

    private void showPending(List<Shown> shown) {
        calls.values().stream().filter(call -> !call.shown).forEach(call -> show(call, shown));
    }

    private void show(ToolCall call, List<Shown> shown) {
        call.shown = true;
        calledSinceText = true;
        shown.add(new Shown.Call(call.id, name(call), args(call)));
    }

    private String number() {
        return "acp-" + ++numbers;
    }

    private static String name(ToolCall call) {
        return KINDS.contains(call.kind) ? call.kind : "tool";
    }

    private static ObjectNode args(ToolCall call) {
        ObjectNode args = FrameCodec.object().put("title", call.title);
        if (call.locations.isArray() && !call.locations.isEmpty()) {
            var places = args.putArray("locations");
            call.locations.forEach(place -> places.add(place.path("path").asText()
                    + (place.hasNonNull("line") ? ":" + place.get("line").asText() : "")));
        }
        if (!call.input.isMissingNode()) {
            args.set("input", call.input);
        }
        String change = ContentText.of(call.content);
        if (!change.isEmpty()) {
            args.put("content", ContentText.cut(change, MOST_SHOWN_CHANGE));
        }
        if (FrameCodec.encode(args).length > MOST_ARGS) {
            return FrameCodec.object()
                    .put("title", call.title)
                    .put("input", ContentText.cut(ContentText.raw(call.input), MOST_TITLE));
        }
        return args;
    }

    private static String outcome(ToolCall call, String status) {
        String content = Optional.of(ContentText.of(call.content))
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> ContentText.raw(call.output));
        if (status.equals("failed")) {
            return content.isEmpty() ? "failed" : "failed: " + content;
        }
        return content.isEmpty() ? status : content;
    }

    private static String plan(JsonNode entries) {
        List<String> lines = new ArrayList<>();
        for (JsonNode entry : entries) {
            String mark =
                    switch (entry.path("status").asText()) {
                        case "completed" -> "✓ ";
                        case "in_progress" -> "→ ";
                        default -> "· ";
                    };
            lines.add(mark + entry.path("content").asText());
        }
        return ContentText.cut(String.join("; ", lines), MOST_SHOWN_CHANGE);
    }
}
