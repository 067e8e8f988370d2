package dev.fairlead.gateway.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresDatabaseIT extends DatabaseContract {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @Override
    Settings.Db settings() {
        return postgres.server().settings();
    }

    @Test
    void reads_survive_killed_backends() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Future<?>> spread = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                spread.add(database.read(c -> c.query("SELECT pg_sleep(0.05)").execute()));
            }
            await(Future.all(spread));
            postgres.server().killBackends();
            assertThat(count()).isZero();
        }
    }

    @Test
    void writes_are_back_within_5_s_of_killed_backends() throws Exception {
        await(database.write(c -> c.update(INSERT, 1, "x")));
        postgres.server().killBackends();
        Awaitility.await().atMost(5, SECONDS).until(() -> {
            Future<Integer> write = database.write(c -> c.update(INSERT, 2, "x"));
            return await(write.map(rows -> true).otherwise(false));
        });
        assertThat(ids()).containsExactly(1, 2);
    }

    @Test
    void writes_that_wait_for_a_server_that_does_not_answer_are_refused_together() throws Exception {
        await(database.write(c -> c.update(INSERT, 1, "x")));
        postgres.server().silence();
        try {
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 6 * GroupWriter.MAX_GROUP; i++) {
                int id = 10 + i;
                waiting.add(database.write(c -> c.update(INSERT, id, "x")));
            }
            Awaitility.await().atMost(6, SECONDS).until(() -> waiting.stream().allMatch(Future::failed));
        } finally {
            postgres.server().answer();
        }
        Awaitility.await().atMost(5, SECONDS).until(() -> {
            Future<Integer> write = database.write(c -> c.update(INSERT, 2, "x"));
            return await(write.map(rows -> true).otherwise(false));
        });
        assertThat(ids()).containsExactly(1, 2);
    }

    @Test
    void a_lock_held_elsewhere_is_storage_unavailable_and_harms_nothing() throws Exception {
        await(database.write(c -> c.update(INSERT, 1, "x")));
        try (Connection other = postgres.server().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE probe IN EXCLUSIVE MODE");
            ErrorCode refusal = await(database.write(c -> c.update(INSERT, 2, "x"))
                    .map(ErrorCode.INTERNAL)
                    .otherwise(e -> ((FairleadException) e).code()));
            assertThat(refusal).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
            assertThat(count()).as("readers are not concerned").isEqualTo(1);
        }
        await(database.write(c -> c.update(INSERT, 3, "x")));
        assertThat(ids()).containsExactly(1, 3);
    }

    @Test
    void its_schema_is_known_as_current() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings().url().orElseThrow());
        source.setUser("postgres");
        assertThat(Schema.isCurrent(source)).isTrue();
    }
}
