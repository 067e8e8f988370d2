package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.FrameCodec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is kept of conversations. Every method is one unit of a write transaction. */
final class ConversationRows {
    private static final String ADD = "INSERT INTO openai_conversations (id, owner, session_id, items, metadata,"
            + " created_at) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String FIND = "SELECT id, session_id, items, metadata, created_at FROM openai_conversations"
            + " WHERE id = ? AND owner = ?";
    private static final String UPDATE = "UPDATE openai_conversations SET metadata = ? WHERE id = ?";
    private static final String REMOVE = "DELETE FROM openai_conversations WHERE id = ?";

    private ConversationRows() {}

    static int add(WriteConnection c, Conversations.Known known, String owner, String items) throws SQLException {
        return c.update(
                ADD, known.id(), owner, known.sessionId(), items, FrameCodec.text(known.metadata()), known.createdAt());
    }

    static Optional<Conversations.Known> find(WriteConnection c, String id, String owner) throws SQLException {
        return c.queryOne(FIND, ConversationRows::known, id, owner);
    }

    static int update(WriteConnection c, String id, String metadata) throws SQLException {
        return c.update(UPDATE, metadata, id);
    }

    static int remove(WriteConnection c, String id) throws SQLException {
        return c.update(REMOVE, id);
    }

    private static Conversations.Known known(Columns row) throws SQLException {
        List<JsonNode> items = new ArrayList<>();
        FrameCodec.tree(row.string("items")).forEach(items::add);
        return new Conversations.Known(
                row.string("id"),
                row.string("session_id"),
                items,
                FrameCodec.tree(row.string("metadata")),
                row.instant("created_at"));
    }
}
