package dev.fairlead.gateway.chat.llm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Server-sent events out of bytes that come in pieces of any size, as WHATWG's HTML Living Standard, section 9.2.6, has
 * it: lines end with LF, CR or CRLF, comments and unknown fields are passed over, several {@code data} lines make one
 * text. An event without data is none.
 */
final class SseParser {
    /** Hears what comes. */
    @FunctionalInterface
    interface Events {
        /**
         * An event.
         *
         * @param name empty where it has none
         */
        void event(String name, String data);
    }

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int mostBytes;
    private final Events events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream(256);
    private String name = "";
    private boolean hasData;
    private boolean firstLine = true;
    private boolean afterReturn;

    /**
     * Tells {@code events} each event.
     *
     * @param mostBytes of one event, lines that are not data included
     */
    SseParser(int mostBytes, Events events) {
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

    /** There is no more: an event that lacks but its last line's end, or the empty line after it, is told too. */
    void end() {
        if (line.size() > 0) {
            endOfLine();
        }
        dispatch();
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
        } else if (is(DATA, whole, begin)) {
            if (hasData) {
                data.write('\n');
            }
            hasData = true;
            int value = value(whole, begin + DATA.length);
            data.write(whole, value, whole.length - value);
        } else if (is(NAME, whole, begin)) {
            int value = value(whole, begin + NAME.length);
            name = new String(whole, value, whole.length - value, StandardCharsets.UTF_8);
        }
    }

    private static boolean is(byte[] field, byte[] line, int begin) {
        int end = begin + field.length;
        return line.length >= end
                && Arrays.equals(line, begin, end, field, 0, field.length)
                && (line.length == end || line[end] == ':');
    }

    /** It stands after the colon and, where there is one, a space. */
    private static int value(byte[] line, int colon) {
        int begin = Math.min(colon + 1, line.length);
        return begin < line.length && line[begin] == ' ' ? begin + 1 : begin;
    }

    private void dispatch() {
        String text = data.toString(StandardCharsets.UTF_8);
        String named = name;
        data.reset();
        hasData = false;
        name = "";
        if (!text.isEmpty()) {
            events.event(named, text);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
