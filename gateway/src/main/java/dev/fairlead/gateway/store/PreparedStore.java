package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.store.fs.FileUtils;

/**
 * The embedded database as the packaged migrations leave an empty one. The build writes down what that is
 * ({@link PreparedStoreWriter}): a first start that runs each migration takes half of its time for them.
 */
final class PreparedStore {
    /** Where the statements are in the jar: the tables, and the history of migrations that {@link Schema} asks for. */
    static final String FILE = "db/prepared.sql";

    private PreparedStore() {}

    /**
     * Puts a database with all tables where there is none yet, whole or not at all. Without the build's statements it
     * does nothing, and the migrations make the tables.
     *
     * @param name of the database's file in the folder
     * @param settings say who is made its administrator
     * @throws IOException if the file cannot be written
     */
    static void make(DataFolder folder, String name, Settings.Db settings) throws IOException {
        try (InputStream statements = PreparedStore.class.getResourceAsStream("/" + FILE)) {
            if (statements != null) {
                make(folder, name, settings, statements);
            }
        }
    }

    /** As {@link #make(DataFolder, String, Settings.Db)}, of those statements. */
    static void make(DataFolder folder, String name, Settings.Db settings, InputStream statements) throws IOException {
        Path file = folder.file(name);
        if (!Files.exists(file) || Files.size(file) == 0) {
            String all = new String(statements.readAllBytes(), StandardCharsets.UTF_8);
            byte[] made = database(all, settings);
            try {
                folder.writeSecret(name, made);
            } catch (IOException e) {
                throw new IOException(
                        "The database file " + file + " cannot be made (" + e.getMessage() + "): it needs "
                                + made.length + " bytes free on that disk",
                        e);
            }
        }
    }

    /**
     * What the file of a database holds in which they ran. It is made in memory, so that no half of it is ever kept.
     */
    private static byte[] database(String statements, Settings.Db settings) throws IOException {
        String name = "memFS:" + UUID.randomUUID();
        String file = name + ".mv.db";
        JdbcDataSource source = H2Source.opener(DatabaseUrl.of("jdbc:h2:" + name), settings);
        try {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(statements);
                statement.execute("UPDATE flyway_schema_history SET installed_on = CURRENT_TIMESTAMP");
                statement.execute("CHECKPOINT SYNC");
                statement.execute("SHUTDOWN IMMEDIATELY"); // an orderly one would pack what is packed
            }
            try (InputStream bytes = FileUtils.newInputStream(file)) {
                return bytes.readAllBytes();
            }
        } catch (SQLException e) {
            throw new IOException("The prepared tables cannot be made: " + e.getMessage(), e);
        } finally {
            FileUtils.tryDelete(file);
        }
    }
}
