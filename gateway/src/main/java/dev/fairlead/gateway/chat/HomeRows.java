package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NodeThere;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Which node of a fleet has a session. Each method is part of one write unit, on PostgreSQL; whether a node is there is
 * judged by its lease and the clock of the database. The session's row stays locked until the unit's transaction ends,
 * so that nobody takes it over in between.
 */
final class HomeRows {
    private static final String HOME = "SELECT home, fence FROM chat_sessions WHERE session_id = ? FOR NO KEY UPDATE";

    private static final String TAKE = "UPDATE chat_sessions SET home = ?, fence = ? WHERE session_id = ?";

    private static final String THERE =
            "SELECT 1 FROM leases WHERE name = ? AND owner <> ''" + " AND ends_at > clock_timestamp()";

    private static final String UNFINISHED = "SELECT s.session_id FROM chat_sessions s WHERE s.session_id IN"
            + " (SELECT session_id FROM chat_turns WHERE state IN ('queued', 'running')"
            + " UNION SELECT session_id FROM chat_messages WHERE status = 'pending' AND role = 'tool_call')";

    private static final String OWN = UNFINISHED + " AND (s.home = ? OR (s.home = '' AND EXISTS"
            + " (SELECT 1 FROM chat_turns t WHERE t.session_id = s.session_id AND t.node = ?)))";

    private static final String ORPHANS =
            UNFINISHED + " AND s.home <> '' AND " + NodeThere.not("s.home") + " LIMIT 100";

    private HomeRows() {}

    /**
     * The node that has a session.
     *
     * @param fence of it there; higher than wherever it was before
     */
    record Home(String node, long fence) {}

    /** A session is another node's by now, or is gone: what was decided of it here is not kept. */
    static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostException(String sessionId) {
            super("The chat session " + sessionId + " is not this node's any more", null, false, false);
        }
    }

    /**
     * Gives a session to a node, unless it is with another that is there.
     *
     * @return whose it is now; empty where there is no such session
     */
    static Optional<Home> take(WriteConnection c, String sessionId, String node) throws SQLException {
        Optional<Home> home = find(c, sessionId);
        if (home.isEmpty()
                || home.get().node().equals(node)
                || isThere(c, home.get().node())) {
            return home;
        }
        return Optional.of(give(c, sessionId, new Home(node, home.get().fence() + 1)));
    }

    /** Gives a node anew what it had before it was started again. */
    static Optional<Home> takeAgain(WriteConnection c, String sessionId, String node) throws SQLException {
        Optional<Home> home = take(c, sessionId, node);
        return home.isPresent() && home.get().node().equals(node)
                ? Optional.of(give(c, sessionId, new Home(node, home.get().fence() + 1)))
                : home;
    }

    /**
     * Holds a unit against the right that it was decided under.
     *
     * @throws LostException if the session is elsewhere by now
     */
    static void require(WriteConnection c, String sessionId, Home home) throws SQLException {
        if (!find(c, sessionId).equals(Optional.of(home))) {
            throw new LostException(sessionId);
        }
    }

    /** Sessions of a node with something under way; of before it was one of a fleet, too. */
    static List<String> own(WriteConnection c, String node) throws SQLException {
        return c.query(OWN, row -> row.string("session_id"), node, node);
    }

    /** Sessions with something under way whose node is not there any more; some, where there are many. */
    static List<String> orphans(WriteConnection c) throws SQLException {
        return c.query(ORPHANS, row -> row.string("session_id"));
    }

    private static Optional<Home> find(WriteConnection c, String sessionId) throws SQLException {
        return c.queryOne(HOME, row -> new Home(row.string("home"), row.number("fence")), sessionId);
    }

    private static Home give(WriteConnection c, String sessionId, Home home) throws SQLException {
        c.update(TAKE, home.node(), home.fence(), sessionId);
        return home;
    }

    private static boolean isThere(WriteConnection c, String node) throws SQLException {
        return !node.isEmpty()
                && c.queryOne(THERE, row -> true, LeaseName.node(node).text()).isPresent();
    }
}
