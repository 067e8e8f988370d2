package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.store.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads what {@link AgentRepository} keeps. */
final class AgentQueries {
    private final Database database;

    AgentQueries(Database database) {
        this.database = database;
    }

    /** All agents that are not revoked. */
    Future<List<StoredAgent>> agents() {
        return database.read(
                c -> c.query(AgentSql.ALL_AGENTS).execute().map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(AgentQueries::agent)
                        .toList()));
    }

    private static StoredAgent agent(Row row) {
        return new StoredAgent(
                row.getString("name"),
                row.getString("agent_id"),
                row.getLong("epoch"),
                row.getOffsetDateTime("connected_at").toInstant(),
                row.getOffsetDateTime("last_seen").toInstant(),
                Optional.ofNullable(row.getString("version")),
                new JsonArray(row.getString("capabilities"))
                        .stream().map(String.class::cast).toList(),
                row.getString("node"));
    }
}
