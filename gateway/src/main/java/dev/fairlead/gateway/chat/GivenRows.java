package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Keeps what came with a turn's message until the turn has ended. Each method is part of one write unit. */
final class GivenRows {
    private static final String ADD = "INSERT INTO chat_given (turn_id, part, content) VALUES (?, ?, ?)";
    private static final String FIND = "SELECT content FROM chat_given WHERE turn_id = ? ORDER BY part";
    private static final String DROP = "DELETE FROM chat_given WHERE turn_id = ?";
    private static final String DROP_ALL =
            "DELETE FROM chat_given WHERE turn_id IN (SELECT turn_id FROM chat_turns WHERE session_id = ?)";

    /** Characters of one row, which both databases take. */
    private static final int PART = 1_000_000;

    private GivenRows() {}

    /** Keeps it; what is nothing takes no row. */
    static void add(WriteConnection c, String turnId, String given) throws SQLException {
        int part = 0;
        int from = 0;
        while (from < given.length()) {
            int to = Math.min(given.length(), from + PART);
            if (to < given.length() && Character.isHighSurrogate(given.charAt(to - 1))) {
                to--; // half a character is none to a database
            }
            c.update(ADD, turnId, part++, given.substring(from, to));
            from = to;
        }
    }

    /** What came with a message; empty where what is kept cannot be read. */
    static Optional<Given> find(WriteConnection c, String turnId) throws SQLException {
        List<String> parts = c.query(FIND, row -> row.string("content"), turnId);
        return GivenText.read(String.join("", parts));
    }

    /** Forgets that of one turn. */
    static void drop(WriteConnection c, String turnId) throws SQLException {
        c.update(DROP, turnId);
    }

    /** Forgets that of all turns of a session. */
    static void dropAll(WriteConnection c, String sessionId) throws SQLException {
        c.update(DROP_ALL, sessionId);
    }
}
