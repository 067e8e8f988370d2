package dev.fairlead.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes envelopes as compact JSON, subject first, without a tree: what is passed on from one agent to another goes out
 * as the very bytes it came in.
 */
public final class EnvelopeWriter {
    private static final byte[] SUBJECT = ascii("{\"subject\":\"");
    private static final byte[] REPLY = ascii("\",\"reply\":\"");
    private static final byte[] FROM = ascii("\",\"from\":\"");
    private static final byte[] TRACE = ascii("\",\"traceparent\":\"");
    private static final byte[] DATA = ascii("\",\"data\":");
    private static final byte[] TIMESTAMP = ascii(",\"timestamp\":");
    private static final byte[] TIMESTAMP_WITHOUT_DATA = ascii("\",\"timestamp\":");

    private EnvelopeWriter() {}

    /**
     * The payload of an envelope's text message.
     *
     * @param from the agent a request is passed on for; only the gateway may say so
     * @param data any JSON value
     * @param timestampMillis milliseconds since the Unix epoch
     */
    public static byte[] write(
            Subject subject,
            Optional<Subject> reply,
            Optional<String> from,
            Optional<RawJson> data,
            long timestampMillis) {
        return write(subject, reply, from, Optional.empty(), data, timestampMillis, false);
    }

    /** The same as {@link #write}, with the header of a server's text frame before it: ready for the socket. */
    public static byte[] writeFrame(
            Subject subject,
            Optional<Subject> reply,
            Optional<String> from,
            Optional<RawJson> data,
            long timestampMillis) {
        return writeFrame(subject, reply, from, Optional.empty(), data, timestampMillis);
    }

    /**
     * The same, sent in the course of a trace.
     *
     * @param traceparent as {@link TraceParent} has it
     */
    public static byte[] writeFrame(
            Subject subject,
            Optional<Subject> reply,
            Optional<String> from,
            Optional<String> traceparent,
            Optional<RawJson> data,
            long timestampMillis) {
        return write(subject, reply, from, traceparent, data, timestampMillis, true);
    }

    private static byte[] write(
            Subject subject,
            Optional<Subject> reply,
            Optional<String> from,
            Optional<String> traceparent,
            Optional<RawJson> data,
            long timestampMillis,
            boolean framed) {
        byte[] subjectBytes = ascii(subject.value());
        byte[] replyBytes = reply.map(r -> ascii(r.value())).orElse(null);
        byte[] fromBytes = from.map(EnvelopeWriter::escaped).orElse(null);
        byte[] traceBytes = traceparent.map(EnvelopeWriter::ascii).orElse(null);
        byte[] timestamp = ascii(Long.toString(timestampMillis));

        int length = SUBJECT.length
                + subjectBytes.length
                + (replyBytes == null ? 0 : REPLY.length + replyBytes.length)
                + (fromBytes == null ? 0 : FROM.length + fromBytes.length)
                + (traceBytes == null ? 0 : TRACE.length + traceBytes.length)
                + data.map(d -> DATA.length + d.length() + TIMESTAMP.length).orElse(TIMESTAMP_WITHOUT_DATA.length)
                + timestamp.length
                + 1;
        byte[] target = new byte[framed ? WebSocketFrames.headerLength(length) + length : length];
        int at = framed ? WebSocketFrames.writeHeader(target, length) : 0;
        at = put(target, put(target, at, SUBJECT), subjectBytes);
        if (replyBytes != null) {
            at = put(target, put(target, at, REPLY), replyBytes);
        }
        if (fromBytes != null) {
            at = put(target, put(target, at, FROM), fromBytes);
        }
        if (traceBytes != null) {
            at = put(target, put(target, at, TRACE), traceBytes);
        }
        if (data.isPresent()) {
            at = put(target, data.get().copyTo(target, put(target, at, DATA)), TIMESTAMP);
        } else {
            at = put(target, at, TIMESTAMP_WITHOUT_DATA);
        }
        target[put(target, at, timestamp)] = '}';
        return target;
    }

    private static int put(byte[] target, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, target, at, bytes.length);
        return at + bytes.length;
    }

    private static byte[] escaped(String from) {
        return Names.isValid(from)
                ? ascii(from)
                : JsonStringEncoder.getInstance().quoteAsUTF8(from);
    }

    /** Subjects, names and numbers are ASCII without anything to escape. */
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
