package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of an answer, streamed or in one piece: told by its first character, for proxies label a whole answer, or an
 * error, as the stream that was asked for.
 */
final class AnswerBody {
    static final int MOST_EVENT_BYTES = 2 << 20;

    private static final int MOST_BODY_BYTES = 4 << 20;
    private static final String DONE = "[DONE]";

    private final CompletionReader reader;
    private final SseParser events;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private Form form = Form.UNKNOWN;
    private boolean done;
    private boolean ended;

    private enum Form {
        UNKNOWN,
        STREAM,
        JSON
    }

    AnswerBody(CompletionReader reader) {
        this.reader = reader;
        this.events = new SseParser(MOST_EVENT_BYTES, this::event);
    }

    /**
     * Takes the next bytes.
     *
     * @throws ModelFailure for what is no answer
     */
    void feed(byte[] bytes) {
        if (form == Form.UNKNOWN) {
            form = form(bytes);
        }
        if (form == Form.STREAM) {
            events.feed(bytes);
        } else {
            if (whole.size() + bytes.length > MOST_BODY_BYTES) {
                throw ModelFailure.of(
                        Kind.PROTOCOL,
                        "The model's endpoint sent an answer of more than " + MOST_BODY_BYTES + " bytes");
            }
            whole.write(bytes, 0, bytes.length);
        }
    }

    /** Whether all has been said, whether or not the body has ended. */
    boolean isWhole() {
        return done || reader.isFinished();
    }

    /**
     * The answer, now that there is no more to come.
     *
     * @throws ModelFailure where it is not whole
     */
    Completion end() {
        if (form == Form.JSON) {
            reader.read(whole.toByteArray());
        } else {
            last();
            if (!reader.isFinished()) {
                throw notWhole();
            }
        }
        return reader.completion();
    }

    /** Takes what there is of a last event: no more will come. */
    void last() {
        if (!ended && form == Form.STREAM) {
            ended = true;
            events.end();
        }
    }

    private ModelFailure notWhole() {
        if (!reader.hasBegun()) {
            return ModelFailure.of(Kind.UNREACHABLE, "The model's endpoint ended its answer before it began");
        }
        return ModelFailure.of(
                Kind.CUT,
                "The model's endpoint ended its answer in the middle"
                        + (done ? ": it never said why the model stopped (finish_reason)" : ""));
    }

    private void event(String name, byte[] text) {
        if (name.equals("error")) {
            throw reader.error(text);
        }
        if (isDone(text)) {
            done = true;
        } else if (!done && !(ended && !CompletionReader.isChunk(text))) { // else half of a last one
            reader.read(text);
        }
    }

    private static boolean isDone(byte[] text) {
        return text[0] != '{'
                && new String(text, StandardCharsets.UTF_8).strip().equals(DONE);
    }

    private static Form form(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '{' || b == '[' || b == '<') { // HTML is refused as the JSON it is not
                return Form.JSON;
            }
            if (b != ' ' && b != '\r' && b != '\n' && b != '\t') {
                return Form.STREAM;
            }
        }
        return Form.UNKNOWN;
    }
}
