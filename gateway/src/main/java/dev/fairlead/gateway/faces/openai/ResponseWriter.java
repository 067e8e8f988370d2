package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;

/**
 * A turn as a {@code response} and as its events, none but those the API has: its packages raise at others. Text that
 * is void is an item that ends incomplete; another takes its place, and stands alone in the whole.
 */
final class ResponseWriter implements Writer {
    private static final String IN_PROGRESS = "in_progress";
    private static final String COMPLETED = "completed";
    private static final String INCOMPLETE = "incomplete";

    private final ObjectNode response;
    private final String unique;
    private final EventLog log = new EventLog();
    private final ArrayNode output;
    private final StringBuilder text = new StringBuilder();
    private int index;
    private boolean open;
    private boolean ended;
    private Optional<ApiError> error = Optional.empty();

    /**
     * Begins it.
     *
     * @param response all that is known of it before it is answered; becomes the writer's own
     */
    ResponseWriter(ObjectNode response) {
        this.response = response;
        this.unique = response.path("id").asText().substring("resp_".length());
        this.output = response.putArray("output");
        response.put("status", IN_PROGRESS);
        add(event("response.created").set("response", response.deepCopy()));
        add(event("response.in_progress").set("response", response.deepCopy()));
    }

    /**
     * Goes on with a response of which events may have been shown that are known no more: what was begun ends
     * incomplete.
     *
     * @param numbers the first that no event has had
     */
    ResponseWriter resume(long numbers) {
        openMessage();
        log.skipTo(numbers);
        closeMessage(INCOMPLETE);
        return this;
    }

    /** Tells a response that ended again, with the numbers that are free. */
    ResponseWriter retell(JsonNode whole, long numbers) {
        boolean message = whole.path("output").path(0).path("type").asText().equals("message");
        if (message) {
            openMessage();
        }
        log.skipTo(numbers);
        for (JsonNode item : whole.path("output")) {
            if (item.path("type").asText().equals("message")) {
                text(item.path("content").path(0).path("text").asText());
                closeMessage(COMPLETED);
            } else {
                call(
                        item.path("call_id").asText(),
                        item.path("name").asText(),
                        item.path("arguments").asText());
            }
        }
        response.setAll((ObjectNode) whole);
        ended = true;
        add(event(whole.path("status").asText().equals(COMPLETED) ? "response.completed" : "response.failed")
                .set("response", response.deepCopy()));
        return this;
    }

    /** One that goes on where another {@link #state stands}. */
    static ResponseWriter of(JsonNode state) {
        ResponseWriter writer = new ResponseWriter(state.path("response").deepCopy());
        state.path("response").path("output").forEach(item -> writer.output.add(item.deepCopy()));
        writer.text.append(state.path("text").textValue());
        writer.index = state.path("index").intValue();
        writer.open = state.path("open").booleanValue();
        return writer;
    }

    @Override
    public JsonNode state() {
        ObjectNode state = FrameCodec.object()
                .put("text", text.toString())
                .put("index", index)
                .put("open", open);
        state.set("response", response.deepCopy());
        return state;
    }

    /** Most of all events are these: they are put together without a tree. */
    @Override
    public void text(String piece, String json) {
        if (ended) {
            return;
        }
        openMessage();
        text.append(piece);
        log.add("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":"
                + log.next() + ",\"item_id\":\"" + messageId() + "\",\"output_index\":" + index
                + ",\"content_index\":0,\"delta\":" + json + ",\"logprobs\":[]}\n\n");
    }

    /** The API tells of reasoning in items of its own, which are a model's; an agent's thoughts are not. */
    @Override
    public void thought(String piece) {}

    @Override
    public void call(String id, String name, String arguments) {
        if (ended) {
            return;
        }
        closeMessage(COMPLETED);
        ObjectNode item = FrameCodec.object()
                .put("id", "fc_" + unique + "_" + index)
                .put("type", "function_call")
                .put("status", IN_PROGRESS)
                .put("call_id", id)
                .put("name", name)
                .put("arguments", "");
        add(item(event("response.output_item.added"), item.deepCopy()));
        add(ofItem(event("response.function_call_arguments.delta"), item).put("delta", arguments));
        add(ofItem(event("response.function_call_arguments.done"), item)
                .put("name", name)
                .put("arguments", arguments));
        item.put("status", COMPLETED).put("arguments", arguments);
        add(item(event("response.output_item.done"), item.deepCopy()));
        output.add(item);
        index++;
    }

    @Override
    public void replaced() {
        closeMessage(INCOMPLETE);
    }

    @Override
    public void done(Optional<ChatFrame.Usage> usage) {
        if (ended) {
            return;
        }
        if (output.isEmpty()) {
            openMessage();
        }
        closeMessage(COMPLETED);
        response.set("usage", usage(usage));
        end(COMPLETED, "response.completed");
    }

    @Override
    public void failed(ApiError why) {
        if (!ended) {
            closeMessage(INCOMPLETE);
            error = Optional.of(why);
            response.putObject("error")
                    .put("code", why.status() == 429 ? "rate_limit_exceeded" : "server_error")
                    .put("message", why.message());
            end("failed", "response.failed");
        }
    }

    @Override
    public void cancelled() {
        if (!ended) {
            closeMessage(INCOMPLETE);
            end("cancelled", "response.failed");
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean hasShown() {
        return true;
    }

    @Override
    public OpenAiCommands.Reply reply() {
        return error.map(OpenAiCommands.Reply::of).orElseGet(() -> OpenAiCommands.Reply.ok(body()));
    }

    @Override
    public JsonNode body() {
        return response.deepCopy();
    }

    @Override
    public EventLog log() {
        return log;
    }

    private void end(String status, String event) {
        ended = true;
        response.put("status", status);
        add(event(event).set("response", response.deepCopy()));
    }

    private void openMessage() {
        if (open) {
            return;
        }
        open = true;
        text.setLength(0);
        ObjectNode item = message(IN_PROGRESS);
        item.putArray("content");
        add(item(event("response.output_item.added"), item));
        ObjectNode part = part(event("response.content_part.added"));
        part.set("part", content(""));
        add(part);
    }

    /** What ends incomplete is no part of the whole. */
    private void closeMessage(String status) {
        if (!open) {
            return;
        }
        open = false;
        ObjectNode done = part(event("response.output_text.done")).put("text", text.toString());
        done.putArray("logprobs");
        add(done);
        ObjectNode part = part(event("response.content_part.done"));
        part.set("part", content(text.toString()));
        add(part);
        ObjectNode item = message(status);
        item.putArray("content").add(content(text.toString()));
        add(item(event("response.output_item.done"), item));
        if (status.equals(COMPLETED)) {
            output.add(item);
        }
        index++;
    }

    private ObjectNode message(String status) {
        return FrameCodec.object()
                .put("id", messageId())
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
    }

    private String messageId() {
        return "msg_" + unique + "_" + index;
    }

    private static ObjectNode content(String text) {
        ObjectNode content = FrameCodec.object().put("type", "output_text").put("text", text);
        content.putArray("annotations");
        content.putArray("logprobs");
        return content;
    }

    private ObjectNode part(ObjectNode event) {
        return event.put("item_id", messageId()).put("output_index", index).put("content_index", 0);
    }

    private ObjectNode item(ObjectNode event, ObjectNode item) {
        event.put("output_index", index).set("item", item);
        return event;
    }

    private ObjectNode ofItem(ObjectNode event, ObjectNode item) {
        return event.put("item_id", item.path("id").asText()).put("output_index", index);
    }

    private ObjectNode event(String type) {
        return FrameCodec.object().put("type", type).put("sequence_number", log.next());
    }

    private void add(JsonNode event) {
        log.add("event: " + event.path("type").asText() + "\ndata: " + FrameCodec.text(event) + "\n\n");
    }

    private static ObjectNode usage(Optional<ChatFrame.Usage> told) {
        long in = told.map(ChatFrame.Usage::inputTokens).orElse(0L);
        long out = told.map(ChatFrame.Usage::outputTokens).orElse(0L);
        ObjectNode usage = FrameCodec.object().put("input_tokens", in);
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.put("output_tokens", out).putObject("output_tokens_details").put("reasoning_tokens", 0);
        return usage.put("total_tokens", in + out);
    }
}
