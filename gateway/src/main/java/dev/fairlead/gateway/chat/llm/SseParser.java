package dev.fairlead.gateway.chat.llm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Server-sent events out of bytes that come in pieces of any size, as WHATWG's HTML Living Standard, section 9.2.6, has
 * it: lines end with LF, CR or CRLF, comments and unknown fields are passed over, several {@code data} lines make one
 * text. Only the data is told: no OpenAI-compatible server uses an event's name. An event that is not finished by an
 * empty line when the stream ends is none.
 */
final class SseParser {
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int mostBytes;
    private final Consumer<String> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream(256);
    private boolean hasData;
    private boolean firstLine = true;
    private boolean afterReturn;

    /**
     * Tells {@code events} each event's data.
     *
     * @param mostBytes of one event, lines that are not data included
     */
    SseParser(int mostBytes, Consumer<String> events) {
        this.mostBytes = mostBytes;
        this.events = events;
    }

    /**
     * Takes the next bytes.
     *
     * @throws ModelFailure for an event that is too large
     */
    void feed(byte[] bytes) {
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            byte b = bytes[at];
            if (b == '\n' && afterReturn) {
                begin = at + 1; // the second half of CRLF
            } else if (b == '\n' || b == '\r') {
                take(bytes, begin, at);
                endOfLine();
                begin = at + 1;
            }
            afterReturn = b == '\r';
        }
        take(bytes, begin, bytes.length);
    }

    private void take(byte[] bytes, int begin, int end) {
        if (line.size() + data.size() + end - begin > mostBytes) {
            throw ModelFailure.of(
                    ModelFailure.Kind.PROTOCOL,
                    "The model's endpoint sent an event of more than " + mostBytes + " bytes");
        }
        line.write(bytes, begin, end - begin);
    }

    private void endOfLine() {
        byte[] whole = line.toByteArray();
        line.reset();
        int begin = firstLine && startsWith(whole, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        firstLine = false;
        if (begin == whole.length) {
            dispatch();
        } else if (isData(whole, begin)) {
            append(whole, begin + DATA.length);
        }
    }

    private static boolean isData(byte[] line, int begin) {
        int end = begin + DATA.length;
        return line.length >= end
                && Arrays.equals(line, begin, end, DATA, 0, DATA.length)
                && (line.length == end || line[end] == ':');
    }

    /** The value stands after the colon and, where there is one, a space. */
    private void append(byte[] line, int colon) {
        int begin = Math.min(colon + 1, line.length);
        if (begin < line.length && line[begin] == ' ') {
            begin++;
        }
        if (hasData) {
            data.write('\n');
        }
        hasData = true;
        data.write(line, begin, line.length - begin);
    }

    private void dispatch() {
        if (data.size() > 0) {
            String text = data.toString(StandardCharsets.UTF_8);
            data.reset();
            hasData = false;
            events.accept(text);
        }
        hasData = false;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
