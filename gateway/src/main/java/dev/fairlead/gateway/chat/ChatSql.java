package dev.fairlead.gateway.chat;

/** The statements of the chats; they mean the same on H2 and PostgreSQL. */
final class ChatSql {
    private static final String SESSION_COLUMNS =
            "session_id, owner, name, agent, state, turn_id, reason, message_count, created_at, updated_at";

    private static final String MESSAGE_COLUMNS =
            "position, turn_id, role, content, tool_id, tool_name, status, expires_at, created_at";

    /** A question with what became of its turn. */
    private static final String SELECT_MESSAGES = "SELECT m.position, m.turn_id, m.role, m.content, m.tool_id,"
            + " m.tool_name, COALESCE(m.status, t.state) AS status, m.expires_at, m.created_at, t.idempotency_key"
            + " FROM chat_messages m LEFT JOIN chat_turns t ON t.turn_id = m.turn_id AND m.role = 'user'"
            + " WHERE m.session_id = ?";

    static final String SESSION = "SELECT " + SESSION_COLUMNS + " FROM chat_sessions WHERE session_id = ?";

    static final String HOME = "SELECT home FROM chat_sessions WHERE session_id = ?";

    static final String NUMBERS = "SELECT numbers FROM chat_sessions WHERE session_id = ?";

    /** Whose turn it is. */
    static final String HOME_OF_TURN = "SELECT s.home FROM chat_turns t JOIN chat_sessions s"
            + " ON s.session_id = t.session_id WHERE t.turn_id = ?";

    static final String SESSIONS = "SELECT " + SESSION_COLUMNS + " FROM chat_sessions WHERE owner = ?"
            + " AND (updated_at < ? OR (updated_at = ? AND session_id < ?))"
            + " ORDER BY updated_at DESC, session_id DESC LIMIT ?";

    static final String COUNT_SESSIONS = "SELECT COUNT(*) AS many FROM chat_sessions WHERE owner = ?";

    static final String ADD_SESSION = "INSERT INTO chat_sessions (session_id, owner, name, agent, state, turn_id,"
            + " reason, turns, message_count, created_at, updated_at) VALUES (?, ?, ?, ?, 'idle', NULL, NULL, 0, 0, ?, ?)";

    static final String NEXT_TURN =
            "UPDATE chat_sessions SET turns = turns + 1, agent = ?, updated_at = ?, numbers = numbers + ?"
                    + " WHERE session_id = ?";

    static final String RESERVE = "UPDATE chat_sessions SET numbers = numbers + ? WHERE session_id = ?";

    static final String FOR_TURN =
            "SELECT owner, turns, message_count, numbers FROM chat_sessions WHERE session_id = ?";

    static final String RENAME = "UPDATE chat_sessions SET name = ? WHERE session_id = ?";

    static final String SET_STATE =
            "UPDATE chat_sessions SET state = ?, turn_id = ?, reason = ?, updated_at = ? WHERE session_id = ?";

    static final String COUNT_MESSAGE =
            "UPDATE chat_sessions SET message_count = message_count + 1 WHERE session_id = ?";

    static final String KNOWN_KEY = "SELECT turn_id FROM chat_turns WHERE session_id = ? AND idempotency_key = ?";

    static final String ADD_TURN = "INSERT INTO chat_turns (turn_id, session_id, number, idempotency_key, node, state,"
            + " asked_at, agent, page_context, address, takes_along) VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)";

    static final String RESUME_TURN = "UPDATE chat_turns SET resumes = resumes + 1, node = ? WHERE turn_id = ?";

    static final String DOUBT_CALL = "UPDATE chat_messages SET status = 'pending', expires_at = ?, n = ?"
            + " WHERE session_id = ? AND tool_id = ? AND role = 'tool_call'";

    /** All of one turn. */
    static final String OF_TURN =
            "SELECT position, turn_id, role, content, tool_id, tool_name, status, expires_at, created_at,"
                    + " CAST(NULL AS VARCHAR(128)) AS idempotency_key, origin FROM chat_messages"
                    + " WHERE session_id = ? AND turn_id = ? ORDER BY position";

    static final String START_TURN =
            "UPDATE chat_turns SET state = 'running', provider = ?, model = ?, started_at = ?, n = ?"
                    + " WHERE turn_id = ?";

    static final String QUEUE_TURN = "UPDATE chat_turns SET n = ? WHERE turn_id = ?";

    static final String END_TURN =
            "UPDATE chat_turns SET state = ?, reason = ?, input_tokens = COALESCE(?, input_tokens),"
                    + " output_tokens = COALESCE(?, output_tokens), ended_at = ?, end_n = ? WHERE turn_id = ?";

    static final String NUMBER_OF_TURN = "SELECT number FROM chat_turns WHERE turn_id = ?";

    static final String LAST_OF_TURN =
            "SELECT MAX(position) AS last FROM chat_messages WHERE session_id = ? AND position >= ? AND position < ?";

    static final String ADD_MESSAGE = "INSERT INTO chat_messages (session_id, " + MESSAGE_COLUMNS
            + ", n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    static final String SET_ORIGIN =
            "UPDATE chat_messages SET origin = ? WHERE session_id = ? AND tool_id = ? AND role = 'tool_call'";

    static final String CALL_STATUS = "UPDATE chat_messages SET status = ?, expires_at = NULL"
            + " WHERE session_id = ? AND tool_id = ? AND role = 'tool_call' AND status = ?";

    static final String ROW_OF_CALL = "SELECT 1 FROM chat_messages WHERE session_id = ? AND tool_id = ? AND role = ?";

    static final String APPROVED_CALL = "SELECT 1 FROM chat_messages WHERE session_id = ? AND tool_id = ?"
            + " AND role = 'tool_call' AND status <> 'pending'";

    static final String ENDED_TURN =
            "SELECT 1 FROM chat_turns WHERE turn_id = ? AND end_n = ? AND ended_at IS NOT NULL";

    static final String ANY_CALL_STATUS = "UPDATE chat_messages SET status = ?, expires_at = NULL"
            + " WHERE session_id = ? AND tool_id = ? AND role = 'tool_call'";

    static final String ADD_PIECE = "INSERT INTO chat_pieces (turn_id, number, content) VALUES (?, ?, ?)";

    static final String PIECES = "SELECT content FROM chat_pieces WHERE turn_id = ? ORDER BY number";

    static final String DROP_PIECES = "DELETE FROM chat_pieces WHERE turn_id = ?";

    private static final String SELECT_UNFINISHED =
            "SELECT t.turn_id, t.session_id, t.state, t.agent, t.resumes, t.page_context,"
                    + " t.address, t.takes_along, t.n, s.owner, q.content FROM chat_turns t"
                    + " JOIN chat_sessions s ON s.session_id = t.session_id"
                    + " JOIN chat_messages q ON q.session_id = t.session_id AND q.position = t.number * 10000"
                    + " WHERE t.state IN ('queued', 'running') AND ";

    static final String UNFINISHED = SELECT_UNFINISHED + "t.node = ? ORDER BY t.session_id, t.number";

    static final String UNFINISHED_OF_SESSION = SELECT_UNFINISHED + "t.session_id = ? ORDER BY t.number";

    /** Turns of which something stands above a number, with what was asked and answered. */
    static final String TURNS_AFTER = "SELECT t.turn_id, t.n, t.end_n, t.state, t.input_tokens, t.output_tokens,"
            + " q.content AS question, a.content AS answer, e.content AS failure, e.status AS code FROM chat_turns t"
            + " LEFT JOIN chat_messages q ON q.session_id = t.session_id AND q.position = t.number * 10000"
            + " LEFT JOIN chat_messages a ON a.session_id = t.session_id AND a.role = 'assistant'"
            + " AND a.position > t.number * 10000 AND a.position < (t.number + 1) * 10000"
            + " LEFT JOIN chat_messages e ON e.session_id = t.session_id AND e.role = 'error'"
            + " AND e.position > t.number * 10000 AND e.position < (t.number + 1) * 10000"
            + " WHERE t.session_id = ? AND (t.n > ? OR t.end_n > ?) ORDER BY t.number LIMIT ?";

    static final String TOOLS_AFTER = "SELECT n, role, content, tool_id, tool_name, status FROM chat_messages"
            + " WHERE session_id = ? AND n > ? ORDER BY n LIMIT ?";

    static final String CALLS_IN_STATE = "SELECT session_id, turn_id, tool_id, tool_name, content, expires_at, n"
            + " FROM chat_messages WHERE status = ? AND role = 'tool_call'";

    static final String CALLS_OF_TURN = "SELECT tool_id, tool_name FROM chat_messages WHERE session_id = ?"
            + " AND turn_id = ? AND role = 'tool_call' AND status = 'running'";

    static final String MESSAGES = SELECT_MESSAGES + " AND m.position < ? ORDER BY m.position DESC LIMIT ?";

    /** What was said and done in the turns before one, the newest first. */
    static final String HISTORY = history("");

    /** The same in the turns of one provider. */
    static final String HISTORY_OF_PROVIDER =
            history(" AND EXISTS (SELECT 1 FROM chat_turns h" + " WHERE h.turn_id = m.turn_id AND h.provider = ?)");

    private static String history(String also) {
        return "SELECT m.position, m.turn_id, m.role, m.content, m.tool_id, m.tool_name, m.status, m.expires_at,"
                + " m.created_at, CAST(NULL AS VARCHAR(128)) AS idempotency_key, m.origin FROM chat_messages m"
                + " WHERE m.session_id = ? AND m.position <"
                + " (SELECT t.number * CAST(10000 AS BIGINT) FROM chat_turns t WHERE t.turn_id = ?)" + also
                + " ORDER BY m.position DESC LIMIT ?";
    }

    static final String MESSAGES_AFTER = SELECT_MESSAGES + " AND m.position > ? ORDER BY m.position LIMIT ?";

    static final String DELETE_PIECES =
            "DELETE FROM chat_pieces WHERE turn_id IN" + " (SELECT turn_id FROM chat_turns WHERE session_id = ?)";

    static final String DELETE_MESSAGES = "DELETE FROM chat_messages WHERE session_id = ?";

    static final String DELETE_TURNS = "DELETE FROM chat_turns WHERE session_id = ?";

    static final String DELETE_SESSION = "DELETE FROM chat_sessions WHERE session_id = ?";

    private ChatSql() {}
}
