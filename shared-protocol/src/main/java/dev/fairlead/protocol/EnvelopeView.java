package dev.fairlead.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * An agent's envelope as the gateway reads it: subject and reply, and {@code data} as the range of bytes it stands in,
 * neither bound nor copied. What is passed on is checked all the same: one JSON value, nested at most
 * {@value FrameCodec#MAX_DEPTH} deep, no key twice, nothing after it.
 *
 * <p>{@code from} and {@code timestamp} of a received envelope are not read: only the gateway sets them. Other fields
 * are ignored.
 */
public final class EnvelopeView {
    private final Subject subject;
    private final Optional<Subject> reply;
    private final Optional<RawJson> data;
    private final Optional<String> traceparent;

    private EnvelopeView(
            Subject subject, Optional<Subject> reply, Optional<RawJson> data, Optional<String> traceparent) {
        this.subject = subject;
        this.reply = reply;
        this.data = data;
        this.traceparent = traceparent;
    }

    public Subject subject() {
        return subject;
    }

    /** Where the sender waits for the answer. */
    public Optional<Subject> reply() {
        return reply;
    }

    /** The range of {@code data}, any JSON value, {@code null} included; empty where the field is missing. */
    public Optional<RawJson> data() {
        return data;
    }

    /** Where in a trace it was sent; what is no {@link TraceParent} counts as none. */
    public Optional<String> traceparent() {
        return traceparent;
    }

    /** Reads an envelope that fills the array. */
    public static EnvelopeView parse(byte[] source) {
        return parse(source, 0, source.length);
    }

    /**
     * Reads an envelope. The bytes must be UTF-8 ({@link Utf8#isValid}) and must not change as long as the view, or the
     * data taken from it, is used.
     *
     * @throws FairleadException {@code invalid_json}, or {@code invalid_envelope} for JSON that is no envelope
     */
    public static EnvelopeView parse(byte[] source, int offset, int length) {
        try (JsonParser parser = FrameCodec.parser(source, offset, length)) {
            return read(parser, source, offset);
        } catch (IOException e) {
            throw FrameCodec.notJson(e);
        }
    }

    private static EnvelopeView read(JsonParser parser, byte[] source, int offset) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new FairleadException(ErrorCode.INVALID_JSON, "Empty where an envelope is expected");
        }
        if (first != JsonToken.START_OBJECT) {
            throw invalid("An envelope is a JSON object: {\"subject\":…,\"reply\":…,\"data\":…}");
        }
        Subject subject = null;
        Optional<Subject> reply = Optional.empty();
        Optional<RawJson> data = Optional.empty();
        Optional<String> traceparent = Optional.empty();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "subject" -> subject = subject(parser, value, name);
                case "reply" ->
                    reply = value == JsonToken.VALUE_NULL
                            ? Optional.empty()
                            : Optional.of(subject(parser, value, name));
                case "data" -> data = Optional.of(RawJsonFormat.range(parser, source, offset));
                case "traceparent" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        traceparent = TraceParent.of(parser.getText());
                    } else {
                        parser.skipChildren();
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw FrameCodec.trailing();
        }
        if (subject == null) {
            throw invalid("An envelope needs a subject");
        }
        return new EnvelopeView(subject, reply, data, traceparent);
    }

    private static Subject subject(JsonParser parser, JsonToken value, String field) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            throw invalid("Field '" + field + "' of an envelope must be a string");
        }
        return new Subject(parser.getText());
    }

    private static FairleadException invalid(String message) {
        return new FairleadException(ErrorCode.INVALID_ENVELOPE, message);
    }

    @Override
    public String toString() {
        return "EnvelopeView[" + subject + "]";
    }
}
