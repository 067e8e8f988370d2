package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.cluster.NodeThere;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.FrameCodec;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is kept of calls that wait for a person. Every method is one unit of a write transaction. */
final class ParkedRows {
    private static final String COLUMNS =
            "call_id, holder, actor, address, tool, args, state, traceparent, result, created_at, changed_at";
    private static final String ADD =
            "INSERT INTO mcp_calls (" + COLUMNS + ", node) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)";
    private static final String ONE = "SELECT " + COLUMNS + " FROM mcp_calls WHERE call_id = ?";
    private static final String IN_STATE = "SELECT " + COLUMNS + " FROM mcp_calls WHERE state = ? AND node = ?";
    private static final String MOVE = "UPDATE mcp_calls SET state = ?, changed_at = ? WHERE call_id = ? AND state = ?";
    private static final String END =
            "UPDATE mcp_calls SET state = ?, result = ?, changed_at = ? WHERE call_id = ? AND state IN ('waiting', 'running', 'doubted')";
    private static final String PRUNE = "DELETE FROM mcp_calls WHERE call_id IN (SELECT call_id FROM mcp_calls"
            + " WHERE state NOT IN ('waiting', 'running', 'doubted') AND changed_at < ? LIMIT ?)";

    private static final String ORPHANS = "SELECT " + COLUMNS + " FROM mcp_calls"
            + " WHERE state IN ('waiting', 'running', 'doubted') AND node <> ? AND " + NodeThere.not("mcp_calls.node")
            + " LIMIT 100 FOR UPDATE";
    private static final String ADOPT = "UPDATE mcp_calls SET node = ? WHERE call_id = ?";

    static final int PRUNE_BATCH = 500;

    private ParkedRows() {}

    static int add(WriteConnection c, McpCommands.Parked call, String node) throws SQLException {
        return c.update(
                ADD,
                call.id(),
                call.holder(),
                call.actor(),
                call.address(),
                call.tool(),
                storable(call.args()),
                call.state().wire(),
                call.traceparent(),
                call.createdAt(),
                call.changedAt(),
                node);
    }

    static Optional<McpCommands.Parked> find(WriteConnection c, String id) throws SQLException {
        return c.queryOne(ONE, ParkedRows::call, id);
    }

    static List<McpCommands.Parked> in(WriteConnection c, McpCommands.State state, String node) throws SQLException {
        return c.query(IN_STATE, ParkedRows::call, state.wire(), node);
    }

    /** Gives a node what others of its fleet had open that are not there any more; some, where there is much. */
    static List<McpCommands.Parked> adopt(WriteConnection c, String node) throws SQLException {
        List<McpCommands.Parked> orphans = c.query(ORPHANS, ParkedRows::call, node);
        for (McpCommands.Parked call : orphans) {
            c.update(ADOPT, node, call.id());
        }
        return orphans;
    }

    /** Notes where a call is; false where it was not in the state before. */
    static boolean move(WriteConnection c, String id, McpCommands.State from, McpCommands.State to, Instant now)
            throws SQLException {
        return c.update(MOVE, to.wire(), now, id, from.wire()) > 0;
    }

    static int end(WriteConnection c, McpCommands.Parked call) throws SQLException {
        return c.update(
                END,
                call.state().wire(),
                call.result().map(ParkedRows::storable).orElse(null),
                call.changedAt(),
                call.id());
    }

    static int prune(WriteConnection c, Instant before) throws SQLException {
        return c.update(PRUNE, before, PRUNE_BATCH);
    }

    private static McpCommands.Parked call(Columns row) throws SQLException {
        return new McpCommands.Parked(
                row.string("call_id"),
                row.string("holder"),
                row.string("actor"),
                row.string("address"),
                row.string("tool"),
                FrameCodec.tree(row.string("args")),
                McpCommands.State.of(row.string("state")),
                row.instant("created_at"),
                row.instant("changed_at"),
                Optional.empty(),
                row.optionalString("result").map(text -> (ObjectNode) FrameCodec.tree(text)),
                row.optionalString("traceparent"));
    }

    private static String storable(JsonNode json) {
        return FrameCodec.text(json);
    }
}
