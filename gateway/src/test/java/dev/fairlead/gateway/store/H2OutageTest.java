package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2OutageTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    private Database database;

    @BeforeEach
    void open() throws Exception {
        FaultyDisk.mount();
        database = reopen();
        await(database.write(c -> c.update("CREATE TABLE probe (id INT PRIMARY KEY, text VARCHAR)")));
    }

    @AfterEach
    void close() throws Exception {
        FaultyDisk.FULL.set(false);
        FaultyDisk.SYNC_FAILS.set(false);
        await(database.close());
        await(vertx.close());
    }

    @Test
    void a_full_disk_is_storage_unavailable_and_recovers_within_5_s() throws Exception {
        survives(FaultyDisk.FULL, ErrorCode.STORAGE_UNAVAILABLE);
    }

    @Test
    void a_failing_sync_leaves_the_outcome_unknown_and_recovers_within_5_s() throws Exception {
        survives(FaultyDisk.SYNC_FAILS, ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void a_lock_held_elsewhere_is_storage_unavailable_and_harms_nothing() throws Exception {
        await(database.write(c -> c.update(DatabaseContract.INSERT, 1, "x")));
        String same = DatabaseUrl.of(settings(), DataFolder.open(temp.resolve("data")))
                .value();
        try (Connection other = DriverManager.getConnection(same, "sa", "");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM probe WHERE id = 1 FOR UPDATE");
            Future<?> blocked = database.write(c -> c.update("UPDATE probe SET text = 'y' WHERE id = 1"));
            assertThat(failure(blocked)).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
            other.rollback();
        }
        int rows = await(database.write(c -> c.update("UPDATE probe SET text = 'z' WHERE id = 1")));
        assertThat(rows).isEqualTo(1);
    }

    private void survives(AtomicBoolean fault, ErrorCode told) throws Exception {
        List<Integer> acknowledged = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            int id = 10 * round;
            await(database.write(c -> c.update(DatabaseContract.INSERT, id, "x")));
            acknowledged.add(id);
            fault.set(true);
            assertThat(failure(database.write(c -> c.update(DatabaseContract.INSERT, id + 1, "x".repeat(100_000)))))
                    .isEqualTo(told);
            fault.set(false);
            Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> succeeds(database.ping()));
            acknowledged.add(id + 2);
            await(database.write(c -> c.update(DatabaseContract.INSERT, id + 2, "x")));
        }
        await(database.close());
        database = reopen();
        List<Integer> recovered = await(database.write(c -> c.query("SELECT id FROM probe", row -> row.integer("id"))));
        assertThat(recovered).containsAll(acknowledged);
    }

    private Database reopen() throws Exception {
        return await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
    }

    private Settings.Db settings() {
        return new Settings.Db(
                Optional.of("jdbc:h2:faulty:" + temp.resolve("probe")), Optional.empty(), Optional.empty(), 4);
    }

    private static ErrorCode failure(Future<?> future) throws Exception {
        return await(future.map(ErrorCode.INTERNAL)
                .otherwise(e -> e instanceof FairleadException f ? f.code() : ErrorCode.NOT_FOUND));
    }

    private static boolean succeeds(Future<?> future) throws Exception {
        return await(future.map(true).otherwise(false));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }
}
