package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    @TempDir
    Path temp;

    private final JdbcDataSource source = new JdbcDataSource();

    @BeforeEach
    void open() {
        source.setURL("jdbc:h2:file:" + temp.resolve("probe") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE");
    }

    @Test
    void every_packaged_migration_is_on_the_list() throws IOException, URISyntaxException {
        URL folder = SchemaTest.class.getResource("/" + Migrations.FOLDER);
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            assertThat(Migrations.FILES)
                    .allMatch(name -> name.matches("V\\d+__\\w+\\.sql"))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void an_empty_database_is_not_current() {
        assertThat(Schema.isCurrent(source)).isFalse();
    }

    @Test
    void a_migrated_database_is_current_by_the_checksums_flyway_kept() {
        Schema.migrate(source);
        assertThat(Schema.isCurrent(source)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM flyway_schema_history WHERE version = '1'",
                "UPDATE flyway_schema_history SET success = FALSE WHERE version = '1'",
                "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'",
                "UPDATE flyway_schema_history SET version = '9999' WHERE version = '1'",
                "INSERT INTO flyway_schema_history SELECT 9999, '9999', description, type, script, checksum,"
                        + " installed_by, installed_on, execution_time, success FROM flyway_schema_history"
                        + " WHERE version = '1'"
            })
    void any_difference_in_the_history_is_left_to_flyway(String change) throws SQLException {
        Schema.migrate(source);
        execute(change);
        assertThat(Schema.isCurrent(source)).isFalse();
    }

    @Test
    void a_changed_migration_is_refused() throws SQLException {
        Schema.migrate(source);
        execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");
        assertThatThrownBy(() -> Schema.migrate(source)).isInstanceOf(FlywayException.class);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
