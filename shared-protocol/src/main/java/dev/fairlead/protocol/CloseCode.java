package dev.fairlead.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Every WebSocket close code Fairlead sends, by name. Codes from 4000 are 4000 + the HTTP status of what went wrong;
 * those below are the ones of RFC 6455.
 */
public enum CloseCode {
    /** The session ended as asked, or what was watched is archived or deleted. */
    NORMAL(1000, false),
    /** The server shuts down, or nothing was heard from the client for the idle time. Reconnect. */
    GOING_AWAY(1001, false),
    /** A text message that is not UTF-8. */
    NOT_UTF8(1007, false),
    /** Not a frame (binary, not JSON, no {@code type}), or a client that does not take what it is sent. */
    INVALID_FRAME(1008, false),
    /** A frame or message over the size limit. */
    TOO_BIG(1009, false),
    /** The agent behind a chat failed to start. */
    CHAT_AGENT_FAILED(1011, false),
    /** A query parameter of the upgrade is malformed or out of range. */
    BAD_QUERY(4400, true),
    /** The token is missing, expired or revoked. */
    UNAUTHORIZED(4401, true),
    /** The token is good, but not for this. */
    FORBIDDEN(4403, true),
    /** What the path names does not exist. */
    NOT_FOUND(4404, true),
    /** An agent that did not register in time. */
    REGISTRATION_TIMEOUT(4408, false),
    /** A newer connection of the same agent took over; to reconnect would throw that one out in turn. */
    REPLACED(4409, true),
    /** Too many connections or frames. Reconnect with backoff. */
    TOO_MANY(4429, false),
    /** A fault on the server's side. */
    INTERNAL(4500, false);

    /** A control frame carries at most 125 bytes, two of which are the code (RFC 6455, 5.5). */
    public static final int MAX_REASON_BYTES = 123;

    private final int code;
    private final boolean terminal;

    CloseCode(int code, boolean terminal) {
        this.code = code;
        this.terminal = terminal;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether a client must not reconnect by itself: it would only be told the same again. */
    public boolean terminal() {
        return terminal;
    }

    /** Empty for a code that is none of ours, or was added by a later version. */
    public static Optional<CloseCode> of(int code) {
        return Arrays.stream(values()).filter(c -> c.code == code).findFirst();
    }

    /** Cuts a close reason to what a close frame can carry, never in the middle of a character. */
    public static String reason(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_REASON_BYTES) {
            return text;
        }
        int end = MAX_REASON_BYTES;
        while ((utf8[end] & 0xC0) == 0x80) { // a continuation byte: its character began before the cut
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }
}
