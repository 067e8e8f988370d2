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
         * @param data its text in UTF-8, at least one byte; the hearer's own
         */
        void event(String name, byte[] data);
    }

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
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
                endOfLine(bytes, begin, at);
                begin = at + 1;
            }
            afterReturn = b == '\r';
        }
        take(bytes, begin, bytes.length);
    }

    /** There is no more: an event that lacks but its last line's end, or the empty line after it, is told too. */
    void end() {
        if (line.size() > 0) {
            endOfLine(NOTHING, 0, 0);
        }
        dispatch();
    }

    private void take(byte[] bytes, int begin, int end) {
        bound(end - begin);
        line.write(bytes, begin, end - begin);
    }

    private void bound(int more) {
        if (line.size() + data.size() + more > mostBytes) {
            throw ModelFailure.of(
                    ModelFailure.Kind.PROTOCOL,
                    "The model's endpoint sent an event of more than " + mostBytes + " bytes");
        }
    }

    /** A line that came in one piece, as nearly all do, is read where it lies. */
    private void endOfLine(byte[] bytes, int begin, int end) {
        if (line.size() == 0) {
            bound(end - begin);
            line(bytes, begin, end);
        } else {
            take(bytes, begin, end);
            byte[] whole = line.toByteArray();
            line.reset();
            line(whole, 0, whole.length);
        }
    }

    private void line(byte[] bytes, int from, int end) {
        int begin = firstLine && startsWith(bytes, from, end, BYTE_ORDER_MARK) ? from + BYTE_ORDER_MARK.length : from;
        firstLine = false;
        if (begin == end) {
            dispatch();
        } else if (is(DATA, bytes, begin, end)) {
            if (hasData) {
                data.write('\n');
            }
            hasData = true;
            int value = value(bytes, begin + DATA.length, end);
            data.write(bytes, value, end - value);
        } else if (is(NAME, bytes, begin, end)) {
            int value = value(bytes, begin + NAME.length, end);
            name = new String(bytes, value, end - value, StandardCharsets.UTF_8);
        }
    }

    private static boolean is(byte[] field, byte[] bytes, int begin, int end) {
        int after = begin + field.length;
        return startsWith(bytes, begin, end, field) && (after == end || bytes[after] == ':');
    }

    /** It stands after the colon and, where there is one, a space. */
    private static int value(byte[] bytes, int colon, int end) {
        int begin = Math.min(colon + 1, end);
        return begin < end && bytes[begin] == ' ' ? begin + 1 : begin;
    }

    private void dispatch() {
        byte[] text = data.toByteArray();
        String named = name;
        data.reset();
        hasData = false;
        name = "";
        if (text.length > 0) {
            events.event(named, text);
        }
    }

    private static boolean startsWith(byte[] bytes, int begin, int end, byte[] prefix) {
        return end - begin >= prefix.length
                && Arrays.equals(bytes, begin, begin + prefix.length, prefix, 0, prefix.length);
    }
}
