package dev.fairlead.gateway.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the tables to what this version of the gateway expects; the same files serve both databases. */
final class Schema {
    private static final String HISTORY =
            "SELECT version, checksum, success FROM flyway_schema_history WHERE version IS NOT NULL";

    private Schema() {}

    /** Runs the migrations that are missing; several gateways on one server wait for each other. */
    static void migrate(DataSource source) {
        if (isCurrent(source)) {
            return;
        }
        Flyway.configure()
                .dataSource(source)
                .resourceProvider(new MigrationResources())
                .javaMigrationClassProvider(List::of)
                // Each concern numbers its migrations in a range of its own.
                .outOfOrder(true)
                .load()
                .migrate();
    }

    /**
     * Whether the history holds exactly the packaged migrations, each with its checksum. Loading Flyway to learn the
     * same takes longer than all the rest of a start; whatever is unusual is left to it.
     */
    static boolean isCurrent(DataSource source) {
        try {
            Map<String, Integer> packaged = Migrations.checksums();
            return !packaged.isEmpty() && packaged.equals(applied(source));
        } catch (IOException | SQLException e) {
            // No history yet, or none to be read: Flyway says what is wrong with it, if anything.
            return false;
        }
    }

    private static Map<String, Integer> applied(DataSource source) throws SQLException {
        Map<String, Integer> applied = new HashMap<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HISTORY)) {
            while (rows.next()) {
                int checksum = rows.getInt("checksum");
                if (!rows.getBoolean("success")) {
                    return Map.of();
                }
                applied.put(rows.getString("version"), checksum);
            }
        }
        return applied;
    }
}
