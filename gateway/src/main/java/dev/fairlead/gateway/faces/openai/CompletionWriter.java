package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;

/**
 * A turn as a {@code chat.completion} and as its chunks. What was shown cannot be taken back in chunks: a turn whose
 * text is replaced breaks off with an error, and never ends as if it were whole.
 */
final class CompletionWriter implements Writer {
    /**
     * What is known when the turn begins.
     *
     * @param created seconds since the epoch
     * @param streamed whether chunks are asked for
     * @param usage whether the last of them is to tell what it cost
     */
    record Head(String id, long created, String model, boolean streamed, boolean usage) {}

    private static final String STOP = "stop";

    private final Head head;
    private final String before;
    private final String after;
    private final EventLog log = new EventLog();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thoughts = new StringBuilder();
    private final ArrayNode calls = FrameCodec.object().putArray("calls");
    private boolean begun;
    private boolean ended;
    private Optional<ChatFrame.Usage> usage = Optional.empty();
    private Optional<ApiError> error = Optional.empty();

    CompletionWriter(Head head) {
        this.head = head;
        String whole = FrameCodec.text(chunk(FrameCodec.object(), Optional.empty()));
        int delta = whole.indexOf("\"delta\":{}") + "\"delta\":".length();
        this.before = "data: " + whole.substring(0, delta);
        this.after = whole.substring(delta + 2) + "\n\n";
    }

    /** One that goes on where another {@link #state stands}. */
    static CompletionWriter of(JsonNode state) {
        CompletionWriter writer =
                new CompletionWriter(FrameCodec.fromTree(state.path("head"), CompletionWriter.Head.class));
        writer.text.append(state.path("text").textValue());
        writer.thoughts.append(state.path("thoughts").textValue());
        state.path("calls").forEach(writer.calls::add);
        writer.begun = state.path("begun").booleanValue();
        return writer;
    }

    @Override
    public JsonNode state() {
        ObjectNode state = FrameCodec.object();
        state.set("head", FrameCodec.toTree(head));
        state.put("text", text.toString()).put("thoughts", thoughts.toString()).put("begun", begun);
        state.set("calls", calls.deepCopy());
        return state;
    }

    @Override
    public void text(String piece, String json) {
        text.append(piece);
        delta("content", json);
    }

    @Override
    public void thought(String piece) {
        if (thoughts.length() + piece.length() <= EventLog.MOST / 16) {
            thoughts.append(piece);
            delta("reasoning_content", FrameCodec.text(TextNode.valueOf(piece)));
        }
    }

    @Override
    public void call(String id, String name, String arguments) {
        ObjectNode call = calls.addObject().put("id", id).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        if (head.streamed()) {
            begin();
            ObjectNode told = call.deepCopy();
            told.put("index", calls.size() - 1);
            ObjectNode delta = FrameCodec.object();
            delta.putArray("tool_calls").add(told);
            log.add(chunk(delta, Optional.empty()));
        }
    }

    @Override
    public void replaced() {
        if (head.streamed() && text.length() > 0) {
            failed(new ApiError(
                    500,
                    "The answer was begun anew after parts of it had been shown; ask again for the whole",
                    Optional.empty(),
                    "answer_replaced",
                    false));
        }
        text.setLength(0);
    }

    @Override
    public void done(Optional<ChatFrame.Usage> cost) {
        if (ended) {
            return;
        }
        usage = cost;
        ended = true;
        if (head.streamed()) {
            begin();
            log.add(chunk(FrameCodec.object(), Optional.of(finish())));
            if (head.usage()) {
                ObjectNode last = chunk(FrameCodec.object(), Optional.empty());
                last.putArray("choices");
                last.set("usage", usage());
                log.add(last);
            }
            log.add("data: [DONE]\n\n");
        }
    }

    @Override
    public void failed(ApiError why) {
        if (!ended) {
            ended = true;
            error = Optional.of(why);
            if (head.streamed()) {
                log.add(why.body());
            }
        }
    }

    @Override
    public void cancelled() {
        failed(new ApiError(409, "The turn was aborted", Optional.empty(), "turn_aborted", false));
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean hasShown() {
        return begun;
    }

    @Override
    public OpenAiCommands.Reply reply() {
        return error.map(OpenAiCommands.Reply::of).orElseGet(() -> OpenAiCommands.Reply.ok(body()));
    }

    @Override
    public JsonNode body() {
        if (error.isPresent()) {
            return error.get().body();
        }
        ObjectNode message = FrameCodec.object().put("role", "assistant");
        if (text.length() == 0 && !calls.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        message.putNull("refusal").putArray("annotations");
        if (thoughts.length() > 0) {
            message.put("reasoning_content", thoughts.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        ObjectNode body = head("chat.completion");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        choice.set("message", message);
        choice.putNull("logprobs").put("finish_reason", finish());
        body.set("usage", usage());
        return body;
    }

    @Override
    public EventLog log() {
        return log;
    }

    private void delta(String field, String json) {
        if (head.streamed() && !ended) {
            begin();
            log.add(before + "{\"" + field + "\":" + json + "}" + after);
        }
    }

    /** Once a message: clients append what is repeated. */
    private void begin() {
        if (!begun) {
            begun = true;
            log.add(chunk(FrameCodec.object().put("role", "assistant").put("content", ""), Optional.empty()));
        }
    }

    private String finish() {
        return calls.isEmpty() ? STOP : "tool_calls";
    }

    private ObjectNode chunk(ObjectNode delta, Optional<String> finish) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        finish.ifPresentOrElse(reason -> choice.put("finish_reason", reason), () -> choice.putNull("finish_reason"));
        if (head.usage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode head(String object) {
        return FrameCodec.object()
                .put("id", head.id())
                .put("object", object)
                .put("created", head.created())
                .put("model", head.model());
    }

    private ObjectNode usage() {
        long in = usage.map(ChatFrame.Usage::inputTokens).orElse(0L);
        long out = usage.map(ChatFrame.Usage::outputTokens).orElse(0L);
        return FrameCodec.object()
                .put("prompt_tokens", in)
                .put("completion_tokens", out)
                .put("total_tokens", in + out);
    }
}
