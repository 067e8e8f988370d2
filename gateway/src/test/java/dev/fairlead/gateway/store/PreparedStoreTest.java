package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedStoreTest {
    private static final String NAME = "probe.mv.db";
    private static final Settings.Db SETTINGS =
            Settings.of("db.user=keeper", "db.password=secret of the file").db();

    @TempDir
    Path temp;

    @Test
    void what_is_prepared_is_what_the_migrations_make() throws IOException, SQLException {
        String statements = PreparedStoreWriter.statements();
        DataFolder folder = made(statements);
        assertThat(Files.getPosixFilePermissions(folder.file(NAME))).isEqualTo(DataFolder.OWNER_ONLY_FILE);
        JdbcDataSource prepared = open(folder, "probe");
        assertThat(Schema.isCurrent(prepared)).isTrue();
        JdbcDataSource migrated = open(folder, "migrated");
        Schema.migrate(migrated);
        assertThat(tables(prepared)).isEqualTo(tables(migrated)).contains("CREATE CACHED TABLE", "message_positions");
    }

    @Test
    void each_build_prepares_the_same() throws IOException, SQLException {
        assertThat(PreparedStoreWriter.statements()).isEqualTo(PreparedStoreWriter.statements());
    }

    @Test
    void a_database_that_is_there_stays_as_it_is() throws IOException {
        DataFolder folder = DataFolder.open(temp.resolve("folder"));
        folder.writeSecret(NAME, new byte[] {1, 2, 3});
        PreparedStore.make(folder, NAME, SETTINGS, InputStream.nullInputStream());
        assertThat(Files.readAllBytes(folder.file(NAME))).containsExactly(1, 2, 3);
    }

    @Test
    void a_file_that_cannot_be_written_is_told_by_its_name() throws IOException {
        DataFolder folder = DataFolder.open(temp.resolve("folder"));
        InputStream statements = new ByteArrayInputStream(
                "CREATE TABLE flyway_schema_history (installed_on TIMESTAMP)".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> PreparedStore.make(folder, "gone/" + NAME, SETTINGS, statements))
                .hasMessageContaining("folder/gone/" + NAME + " cannot be made");
    }

    private DataFolder made(String statements) throws IOException {
        DataFolder folder = DataFolder.open(temp.resolve("folder"));
        PreparedStore.make(
                folder, NAME, SETTINGS, new ByteArrayInputStream(statements.getBytes(StandardCharsets.UTF_8)));
        return folder;
    }

    private static JdbcDataSource open(DataFolder folder, String name) {
        return H2Source.opener(DatabaseUrl.of("jdbc:h2:file:" + folder.file(name)), SETTINGS);
    }

    /** All that is in it but for who migrated it, when and how fast. */
    private static String tables(JdbcDataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE flyway_schema_history SET installed_by = '', execution_time = 0,"
                    + " installed_on = TIMESTAMP '2000-01-01 00:00:00'");
            return PreparedStoreWriter.script(statement);
        }
    }
}
