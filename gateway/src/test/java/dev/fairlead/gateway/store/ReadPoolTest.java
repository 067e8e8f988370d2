package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of one connection, who wait a second for it. */
class ReadPoolTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    private Connections connections;

    private ReadPool pool;

    @BeforeEach
    void open() throws Exception {
        Settings.Db settings = new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 1);
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        connections = Connections.open(DatabaseUrl.of(settings, folder), settings, StoreFiles.none(), folder);
        pool = new ReadPool(vertx, connections, 1, new Outage("reads", "of the test", TimeSource.system()), PATIENCE);
    }

    @AfterEach
    void close() throws Exception {
        await(pool.close());
        connections.close();
        await(vertx.close());
    }

    @Test
    void a_reader_waits_on_while_others_are_served() throws Exception {
        Held first = new Held();
        Held second = new Held();
        await(pool.read(connection -> Future.succeededFuture(0)));

        Future<Integer> one = pool.read(connection -> first.hold());
        Future<Integer> two = pool.read(connection -> second.hold());
        Future<Integer> three = pool.read(connection -> Future.succeededFuture(3));
        first.release();
        second.begun.get(10, TimeUnit.SECONDS);
        CompletableFuture<Void> longer = new CompletableFuture<>();
        vertx.setTimer(PATIENCE.toMillis() * 3 / 2, timer -> longer.complete(null));
        longer.get(10, TimeUnit.SECONDS);
        second.release();

        assertThat(await(Future.all(one, two, three)).<Integer>list()).containsExactly(1, 1, 3);
    }

    @Test
    void a_connection_stays_open_through_loads_rests_and_refused_statements() throws Exception {
        await(pool.read(connection -> connection.query("SET @mark = 7").execute()));
        Set<Long> marks = new HashSet<>();
        for (int load = 0; load < 3; load++) {
            List<Future<Long>> reads = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                reads.add(pool.read(connection -> connection
                        .query("SELECT CAST(@mark AS BIGINT)")
                        .execute()
                        .map(rows -> rows.iterator().next().getLong(0))));
            }
            for (Future<Long> read : reads) {
                marks.add(await(read));
            }
            Future<?> refused = pool.read(
                    connection -> connection.query("SELECT no_such_column").execute());
            assertThatThrownBy(() -> await(refused)).hasCauseInstanceOf(StatementException.class);
            CompletableFuture<Void> rest = new CompletableFuture<>(); // the client's cleaner runs once a second
            vertx.setTimer(PATIENCE.toMillis() * 3 / 2, timer -> rest.complete(null));
            rest.get(10, TimeUnit.SECONDS);
        }
        assertThat(marks).containsExactly(7L); // a session of its own would not know it
    }

    @Test
    void nobody_served_is_an_outage() throws Exception {
        Held held = new Held();
        Future<Integer> one = pool.read(connection -> held.hold());
        held.begun.get(10, TimeUnit.SECONDS);
        Future<Integer> two = pool.read(connection -> Future.succeededFuture(2));
        assertThatThrownBy(() -> await(two))
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
        held.release();
        int kept = await(one);
        assertThat(kept).isEqualTo(1);
        int next = await(pool.read(connection -> Future.succeededFuture(3)));
        assertThat(next).isEqualTo(3);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A read that keeps its connection. */
    private static final class Held {
        final CompletableFuture<Void> begun = new CompletableFuture<>();

        private final Promise<Integer> end = Promise.promise();

        Future<Integer> hold() {
            begun.complete(null);
            return end.future();
        }

        void release() {
            end.tryComplete(1);
        }
    }
}
