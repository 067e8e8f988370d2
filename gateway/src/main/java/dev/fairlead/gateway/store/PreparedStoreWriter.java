package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;

/** Writes the statements of a {@link PreparedStore} when the build is made: the same for the same migrations. */
public final class PreparedStoreWriter {
    private static final String URL = "jdbc:h2:memFS:prepared"; // of one in files, which "mem" is not

    private static final Pattern INDEX = Pattern.compile("CREATE (UNIQUE )?(NULLS DISTINCT )?INDEX ");

    private PreparedStoreWriter() {}

    /**
     * Writes them among the classes of a build.
     *
     * @param args the folder of the classes
     */
    public static void main(String[] args) throws IOException, SQLException {
        Path file = Path.of(args[0]).resolve(PreparedStore.FILE);
        Files.createDirectories(file.getParent());
        Files.writeString(file, statements());
    }

    /** What makes the tables of a new database, each statement with its end. */
    static String statements() throws IOException, SQLException {
        JdbcDataSource source =
                H2Source.opener(DatabaseUrl.of(URL), Settings.of().db());
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            Schema.migrate(source);
            // When, and how long it took, is another each time.
            statement.execute(
                    "UPDATE flyway_schema_history SET installed_on = TIMESTAMP '2000-01-01 00:00:00', execution_time = 0");
            return script(statement);
        }
    }

    /**
     * Without who is its administrator: whoever makes the database is. Indexes come last and sorted, as H2 tells those
     * of a table in an order of its own each time.
     */
    static String script(Statement statement) throws SQLException {
        List<String> lines = new ArrayList<>();
        SortedSet<String> indexes = new TreeSet<>();
        try (ResultSet rows = statement.executeQuery("SCRIPT NOPASSWORDS NOSETTINGS")) {
            while (rows.next()) {
                String line = rows.getString(1);
                if (INDEX.matcher(line).lookingAt()) {
                    indexes.add(line + "\n");
                } else if (!line.startsWith("CREATE USER") && !line.startsWith("--")) {
                    lines.add(line + "\n");
                }
            }
        }
        lines.addAll(indexes);
        return String.join("", lines);
    }
}
