package dev.fairlead.gateway.messages;

/** The statements of the message bus; they mean the same on H2 and PostgreSQL. */
final class MessageSql {
    /** Values of one IN list: unused ones repeat the last, so that one prepared statement serves all lengths. */
    static final int IN_SIZE = 64;

    private static final String IN = "(" + "?, ".repeat(IN_SIZE - 1) + "?)";

    private static final String META = "seq, message_id, sender, recipient, type, correlation_id, dedupe, needs_token,"
            + " payload_bytes, status, attempt, failures, ttl_ms, accepted_at, expires_at, due_at, settled_at";

    static final String ADD = "INSERT INTO messages (" + META + ", payload) VALUES (" + "?, ".repeat(17) + "?)";

    static final String CHANGE =
            "UPDATE messages SET status = ?, attempt = ?, failures = ?, expires_at = ?, due_at = ?,"
                    + " settled_at = ? WHERE seq = ?";

    static final String NOTE =
            "INSERT INTO message_events (number, seq, event, attempt, at, detail) VALUES (?, ?, ?, ?, ?, ?)";

    static final String KNOWN = "SELECT dedupe, message_id, status, accepted_at FROM messages WHERE dedupe IN " + IN;

    static final String FORGET_KEY = "UPDATE messages SET dedupe = NULL WHERE dedupe = ?";

    static final String PAYLOADS = "SELECT seq, payload FROM messages WHERE seq IN " + IN;

    static final String OPEN = "SELECT " + META
            + " FROM messages WHERE status IN ('accepted', 'delivered', 'retry_scheduled') ORDER BY seq";

    static final String LAST_NUMBERS =
            "SELECT (SELECT MAX(seq) FROM messages) AS messages, (SELECT MAX(number) FROM message_events) AS events";

    static final String ONE = "SELECT " + META + ", payload FROM messages WHERE message_id = ?";

    static final String EVENTS_OF_ONE =
            "SELECT event, attempt, at, detail FROM message_events WHERE seq = ? ORDER BY number";

    static final String RECENT_EVENTS = "SELECT e.number, e.event, e.at, e.detail, m.message_id, m.sender, m.recipient,"
            + " m.type, m.correlation_id FROM message_events e JOIN messages m ON m.seq = e.seq"
            + " ORDER BY e.number DESC LIMIT ?";

    static final String RECENT_ACCEPTED = "SELECT seq, accepted_at, message_id, sender, recipient, type, correlation_id"
            + " FROM messages ORDER BY seq DESC LIMIT ?";

    static final String ENDED =
            "SELECT seq FROM messages WHERE status = ? AND settled_at < ? ORDER BY settled_at LIMIT ?";

    static final String REMOVE = "DELETE FROM messages WHERE seq = ?";

    static final String REMOVE_EVENTS = "DELETE FROM message_events WHERE seq = ?";

    private static final String PAGE = "SELECT " + META + " FROM messages WHERE seq < ?";

    private MessageSql() {}

    /**
     * A page, newest first. Parameters: the number to stay below, then those of the filters in the order of the
     * arguments, then the limit; with {@code instance} twice the whole, for sender and recipient.
     */
    static String page(boolean instance, boolean correlationId, boolean status) {
        String filters = (correlationId ? " AND correlation_id = ?" : "") + (status ? " AND status = ?" : "");
        if (!instance) {
            return PAGE + filters + " ORDER BY seq DESC LIMIT ?";
        }
        // Two walks down an index each, joined: an OR would walk the whole table.
        String half = PAGE + filters + " AND %s = ? ORDER BY seq DESC LIMIT ?";
        return "SELECT * FROM ((" + half.formatted("sender") + ") UNION (" + half.formatted("recipient")
                + ")) both_ends ORDER BY seq DESC LIMIT ?";
    }
}
