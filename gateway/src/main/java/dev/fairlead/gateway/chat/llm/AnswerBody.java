package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of an answer, streamed or in one piece: told by its type and, where that says nothing, by its first
 * character.
 */
final class AnswerBody {
    static final int MOST_EVENT_BYTES = 2 << 20;

    private static final int MOST_BODY_BYTES = 4 << 20;
    private static final String DONE = "[DONE]";

    private final CompletionReader reader;
    private final SseParser events;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private Form form;
    private boolean done;

    private enum Form {
        UNKNOWN,
        STREAM,
        JSON
    }

    private AnswerBody(Form form, CompletionReader reader) {
        this.form = form;
        this.reader = reader;
        this.events = new SseParser(MOST_EVENT_BYTES, this::event);
    }

    static AnswerBody of(String contentType, CompletionReader reader) {
        return new AnswerBody(contentType.startsWith("text/event-stream") ? Form.STREAM : Form.UNKNOWN, reader);
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
            reader.read(whole.toString(StandardCharsets.UTF_8));
            done = true;
        }
        if (!isWhole()) {
            throw reader.hasBegun()
                    ? ModelFailure.of(Kind.CUT, "The model's endpoint ended its answer in the middle")
                    : ModelFailure.of(Kind.UNREACHABLE, "The model's endpoint ended its answer before it began");
        }
        return reader.completion();
    }

    private void event(String text) {
        if (text.strip().equals(DONE)) {
            done = true;
        } else if (!done) {
            reader.read(text);
        }
    }

    private static Form form(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '{' || b == '<') { // HTML is refused as the JSON it is not
                return Form.JSON;
            }
            if (b != ' ' && b != '\r' && b != '\n' && b != '\t') {
                return Form.STREAM;
            }
        }
        return Form.UNKNOWN;
    }
}
