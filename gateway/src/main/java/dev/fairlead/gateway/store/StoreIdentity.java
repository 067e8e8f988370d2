package dev.fairlead.gateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which database this is, by a row that is made with it, and that this start of the gateway has it. What is known in
 * memory belongs to exactly that database, and only for as long as no other gateway wrote to it: each new connection is
 * held against it.
 *
 * @param identity of the database, made at its first start
 * @param openedBy of this start, or the mark of all nodes that share it
 */
record StoreIdentity(String identity, String openedBy) {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /** As {@code 08xxx}: the connection is of no use, another may be. */
    private static final String SQL_STATE = "08S01";

    /** What stands for all nodes that share a database. */
    private static final String SHARED = "cluster";

    /**
     * Makes this start the one that has the database. Called once, after the migrations and under the guard.
     *
     * @throws SQLException if the row cannot be written
     */
    static StoreIdentity claim(Connection connection) throws SQLException {
        return open(connection, UUID.randomUUID().toString());
    }

    /**
     * Opens it beside other nodes, each of which acts under leases of its own; a gateway that had it for itself alone
     * is kept from writing to it. Called once, after the migrations.
     *
     * @throws SQLException if the row cannot be written
     */
    static StoreIdentity share(Connection connection) throws SQLException {
        return open(connection, SHARED);
    }

    private static StoreIdentity open(Connection connection, String self) throws SQLException {
        connection.setAutoCommit(false);
        String identity = identity(connection);
        if (identity.isEmpty()) {
            log.info("The database was made anew: this gateway begins without agents, instances and messages of before."
                    + " If there were any, check data_dir and db.url.");
            // Of nodes that start together one makes the row.
            execute(
                    connection,
                    "INSERT INTO store_state (identity, opened_by, id) VALUES (?, ?, 1) ON CONFLICT DO NOTHING",
                    UUID.randomUUID().toString(),
                    self);
            identity = identity(connection);
        } else {
            execute(connection, "UPDATE store_state SET identity = ?, opened_by = ? WHERE id = 1", identity, self);
        }
        connection.commit();
        connection.setAutoCommit(true);
        return new StoreIdentity(identity, self);
    }

    /**
     * Holds a new connection against what was opened.
     *
     * @throws SQLException if it leads to another database, to an empty one, or to one another gateway took over; the
     *     message says which
     */
    void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT identity, opened_by FROM store_state WHERE id = 1")) {
            if (!row.next() || !row.getString(1).equals(identity)) {
                throw replaced("");
            }
            if (!row.getString(2).equals(openedBy)) {
                throw new SQLException(
                        "another gateway has opened this database since, so that what this one knows is out of date."
                                + " Stop one of the two; this one serves again after a restart",
                        SQL_STATE);
            }
        } catch (SQLException e) {
            if (SqlFault.of(e) == SqlFault.STATEMENT) {
                throw replaced(" (" + e.getMessage().lines().findFirst().orElse("") + ")");
            }
            throw e;
        }
    }

    private SQLException replaced(String how) {
        return new SQLException(
                "this is not the database that was opened, " + identity + how
                        + ". Bring that one back, or restart the gateway to go on with this one",
                SQL_STATE);
    }

    private static String identity(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT identity FROM store_state WHERE id = 1")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static void execute(Connection connection, String sql, String identity, String self) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, identity);
            statement.setString(2, self);
            statement.executeUpdate();
        }
    }
}
