package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.llm.FakeModel.Reply;
import dev.fairlead.gateway.chat.llm.FakeModel.Wire;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What models say, as OpenAI's API has it. */
public final class ModelReplies {
    private static final int INPUT_TOKENS = 11;
    private static final int OUTPUT_TOKENS = 7;

    private ModelReplies() {}

    /** An answer in those pieces; it cost 11 tokens in, 7 out. */
    public static Reply text(String... pieces) {
        return (asked, wire) -> {
            wire.stream().event(delta(delta -> delta.put("role", "assistant").put("content", "")));
            for (String piece : pieces) {
                wire.event(content(piece));
            }
            end(wire, "stop");
        };
    }

    /** Function calls, as name and arguments by turns, all in one round and each in pieces, mixed. */
    public static Reply calls(String... namesAndArguments) {
        return textAndCalls("", namesAndArguments);
    }

    /** As {@link #calls}, said something before. */
    public static Reply textAndCalls(String text, String... namesAndArguments) {
        return (asked, wire) -> {
            wire.stream();
            if (!text.isEmpty()) {
                wire.event(content(text));
            }
            for (int i = 0; i < namesAndArguments.length; i += 2) {
                wire.event(call(i / 2, "call_" + i / 2, namesAndArguments[i], ""));
            }
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < namesAndArguments.length; i += 2) {
                    String arguments = namesAndArguments[i + 1];
                    int middle = arguments.length() / 2;
                    wire.event(
                            arguments(i / 2, half == 0 ? arguments.substring(0, middle) : arguments.substring(middle)));
                }
            }
            end(wire, "tool_calls");
        };
    }

    /** An error; headers as name, value, name, value. */
    public static Reply error(int status, String body, String... headers) {
        return (asked, wire) -> {
            String[] all = new String[headers.length + 2];
            System.arraycopy(headers, 0, all, 2, headers.length);
            all[0] = "Content-Type";
            all[1] = body.startsWith("{") ? "application/json" : "text/html";
            wire.head(status, all).text(body);
        };
    }

    /** Some pieces, then silence; {@code closed} once the other side has given up. */
    public static Reply stall(CountDownLatch closed, String... pieces) {
        return (asked, wire) -> {
            wire.stream();
            for (String piece : pieces) {
                wire.event(content(piece));
            }
            try {
                wire.stall();
            } finally {
                closed.countDown();
            }
        };
    }

    /** Some pieces, then the connection is broken. */
    public static Reply cut(String... pieces) {
        return (asked, wire) -> {
            wire.stream();
            for (String piece : pieces) {
                wire.event(content(piece));
            }
            wire.cut();
        };
    }

    /** The end of an answer: why, what it cost, {@code [DONE]}. */
    public static void end(Wire wire, String finishReason) throws IOException {
        ObjectNode last = chunk();
        last.withArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", finishReason)
                .putObject("delta");
        wire.event(last.toString());
        ObjectNode usage = chunk();
        usage.putArray("choices");
        usage.putObject("usage")
                .put("prompt_tokens", INPUT_TOKENS)
                .put("completion_tokens", OUTPUT_TOKENS)
                .put("total_tokens", INPUT_TOKENS + OUTPUT_TOKENS);
        wire.event(usage.toString()).event("[DONE]");
    }

    /** A piece of an answer. */
    public static String content(String piece) {
        return delta(delta -> delta.put("content", piece));
    }

    static String call(int index, String id, String name, String arguments) {
        return delta(delta -> {
            ObjectNode call = delta.withArray("tool_calls").addObject();
            call.put("index", index).put("id", id).put("type", "function");
            call.putObject("function").put("name", name).put("arguments", arguments);
        });
    }

    static String arguments(int index, String piece) {
        return delta(delta -> delta.withArray("tool_calls")
                .addObject()
                .put("index", index)
                .putObject("function")
                .put("arguments", piece));
    }

    /** Fills in what a chunk tells. */
    @FunctionalInterface
    interface Delta {
        void fill(ObjectNode delta);
    }

    static String delta(Delta filled) {
        ObjectNode chunk = chunk();
        ObjectNode choice = chunk.withArray("choices").addObject().put("index", 0);
        filled.fill(choice.putObject("delta"));
        choice.putNull("finish_reason");
        return chunk.toString();
    }

    private static ObjectNode chunk() {
        return FrameCodec.object()
                .put("id", "chatcmpl-1")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", "fake")
                .putNull("usage");
    }
}
