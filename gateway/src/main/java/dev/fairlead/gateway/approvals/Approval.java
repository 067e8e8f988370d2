package dev.fairlead.gateway.approvals;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that waits, or waited, for a person.
 *
 * @param id of the call of a tool or of the order; what else asks has made one up
 * @param subject what it is about in a few words: the tool's name, the order
 * @param detail all a person needs to decide: the arguments of a call, as JSON; never in an event
 * @param expiresAt until when it can be answered
 * @param sessionId of the chat it came up in
 */
public record Approval(
        String id,
        Kind kind,
        String subject,
        String detail,
        Status status,
        Instant createdAt,
        Instant expiresAt,
        Optional<String> sessionId) {

    /** Most characters of an id. */
    public static final int MOST_ID = 64;

    /** Most characters of a subject. */
    public static final int MOST_SUBJECT = 200;

    /** Most characters of a detail. */
    public static final int MOST_DETAIL = 100_000;

    /** Who asks. */
    public enum Kind {
        /** A tool called in a chat. */
        TOOL,
        ORDER,
        /** An agent that speaks the Agent Client Protocol. */
        ACP,
        /** A client of the face MCP. */
        MCP;

        /** As it stands in JSON and in the store. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(String wire) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wire().equals(wire))
                    .findFirst();
        }
    }

    /** What became of it. */
    public enum Status {
        WAITING,
        APPROVED,
        DENIED,
        /** Nobody answered in time, or there was nothing to answer any more. */
        EXPIRED;

        /** As it stands in JSON and in the store. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Status> of(String wire) {
            return Arrays.stream(values())
                    .filter(status -> status.wire().equals(wire))
                    .findFirst();
        }
    }

    @Override
    public String toString() {
        return "Approval[" + id + ", " + kind + ", " + status + "]";
    }
}
