package dev.fairlead.gateway.approvals;

import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.RowMapper;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.VisibleText;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** What is kept of approvals. Every method is part of one write unit, of the concern that asks. */
public final class ApprovalRows {
    static final String COLUMNS =
            "approval_id, kind, subject, detail, status, session_id, created_at, expires_at, decided_at";

    static final RowMapper<Approval> APPROVAL = ApprovalRows::approval;

    static final String ONE = "SELECT " + COLUMNS + " FROM approvals WHERE approval_id = ?";
    private static final String REMOVE = "DELETE FROM approvals WHERE approval_id = ?";
    private static final String REMOVE_OF_SESSION = "DELETE FROM approvals WHERE session_id = ? AND kind = 'tool'";
    private static final String ADD = "INSERT INTO approvals (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)";
    private static final String SETTLE =
            "UPDATE approvals SET status = ?, decided_at = ?" + " WHERE approval_id = ? AND status = 'waiting'";

    private ApprovalRows() {}

    /** Asks; what was asked under the id before, such as about an earlier change of an order, is over. */
    public static void ask(WriteConnection c, Approval approval) throws SQLException {
        c.update(REMOVE, approval.id());
        c.update(
                ADD,
                approval.id(),
                approval.kind().wire(),
                cut(approval.subject(), Approval.MOST_SUBJECT),
                cut(approval.detail(), Approval.MOST_DETAIL),
                approval.status().wire(),
                approval.sessionId(),
                approval.createdAt(),
                approval.expiresAt());
    }

    /**
     * Settles what waits.
     *
     * @return whether it waited: the first answer wins
     */
    public static boolean settle(WriteConnection c, String id, Approval.Status status, Instant now)
            throws SQLException {
        return c.update(SETTLE, status.wire(), now, id) > 0;
    }

    /** Forgets what was asked in a chat's session. */
    public static void forgetSession(WriteConnection c, String sessionId) throws SQLException {
        c.update(REMOVE_OF_SESSION, sessionId);
    }

    static Optional<Approval> find(WriteConnection c, String id) throws SQLException {
        return c.queryOne(ONE, APPROVAL, id);
    }

    private static Approval approval(Columns row) throws SQLException {
        return new Approval(
                row.string("approval_id"),
                Approval.Kind.of(row.string("kind")).orElseThrow(),
                row.string("subject"),
                row.string("detail"),
                Approval.Status.of(row.string("status")).orElseThrow(),
                row.instant("created_at"),
                row.instant("expires_at"),
                row.optionalString("session_id"));
    }

    /** PostgreSQL takes no NUL in a text. */
    private static String cut(String text, int most) {
        return VisibleText.cut(text.replace('\0', '\uFFFD'), most);
    }
}
