package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds on every database the gateway runs on. */
abstract class DatabaseContract {
    static final String INSERT = "INSERT INTO probe (id, text) VALUES (?, ?)";

    final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    Database database;

    abstract Settings.Db settings();

    Database open() throws Exception {
        return await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
    }

    @BeforeEach
    void open_with_an_empty_table() throws Exception {
        database = open();
        await(database.write(c -> c.update("DROP TABLE IF EXISTS probe")));
        await(database.write(c -> c.update("CREATE TABLE probe (id INT PRIMARY KEY, text VARCHAR,"
                + " at TIMESTAMP WITH TIME ZONE, ref UUID, flag BOOLEAN, raw BYTEA, amount BIGINT)")));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void what_was_written_is_read() throws Exception {
        Instant at = Instant.parse("2026-01-02T03:04:05.678901234Z");
        UUID key = UUID.randomUUID();
        await(database.write(c -> c.update(
                "INSERT INTO probe (id, text, at, ref, flag, raw, amount) VALUES (?, ?, ?, ?, ?, ?, ?)",
                1,
                Optional.of("{\"a\":1}"),
                at,
                key,
                true,
                new byte[] {1, 2},
                Optional.empty())));
        record Probe(int id, String text, Instant at, UUID key, boolean flag, List<Byte> raw, Optional<Long> amount) {}
        RowMapper<Probe> probe = row -> new Probe(
                row.integer("id"),
                row.string("text"),
                row.instant("at"),
                row.uuid("ref"),
                row.bool("flag"),
                List.of(row.bytes("raw")[0], row.bytes("raw")[1]),
                row.optionalNumber("amount"));
        Probe read = await(database.write(c -> c.queryOne("SELECT * FROM probe WHERE id = ?", probe, 1)))
                .orElseThrow();
        List<Probe> seen = await(
                database.read(c -> c.query("SELECT * FROM probe").execute().map(rows -> probe.all(rows))));
        assertThat(seen).as("a reader maps the row as the writer does").containsExactly(read);
        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(new Probe(
                        1,
                        "{\"a\":1}",
                        Instant.parse("2026-01-02T03:04:05.678901Z"),
                        key,
                        true,
                        List.of((byte) 1, (byte) 2),
                        Optional.empty()));
    }

    @Test
    void a_column_that_is_null_though_it_never_should_be_fails_the_read_as_it_fails_a_write() throws Exception {
        await(database.write(c -> c.update(INSERT, 1, Optional.empty())));
        RowMapper<String> text = row -> row.string("text");
        Throwable read = catchThrowable(() -> await(
                database.read(c -> c.query("SELECT * FROM probe").execute().map(rows -> text.all(rows)))));
        assertThat(read).isInstanceOf(StatementException.class).hasMessageContaining("22002");
    }

    @Test
    void readers_keep_their_connections_under_load() throws Exception {
        String session = database.dialect() == Dialect.H2
                ? "SELECT SESSION_ID() AS session"
                : "SELECT pg_backend_pid() AS session";
        Set<Integer> sessions = new HashSet<>();
        for (int round = 0; round < 10; round++) {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                reads.add(database.read(c -> c.query(session)
                        .execute()
                        .map(rows -> rows.iterator().next().getInteger("session"))));
            }
            for (Future<Integer> read : reads) {
                sessions.add(await(read));
            }
        }
        assertThat(sessions).hasSizeLessThanOrEqualTo(settings().poolSize());
    }

    @Test
    void a_reader_sees_times_and_keys_as_the_writer_wrote_them() throws Exception {
        Instant at = Instant.parse("2026-01-02T03:04:05.678Z");
        UUID key = UUID.randomUUID();
        await(database.write(c -> c.update("INSERT INTO probe (id, at, ref) VALUES (?, ?, ?)", 1, at, key)));
        List<Object> row =
                await(database.read(c -> c.preparedQuery("SELECT at, ref FROM probe WHERE at >= ? AND ref = ?")
                        .execute(Tuple.of(at.atOffset(ZoneOffset.UTC), key))
                        .map(rows -> {
                            var found = rows.iterator().next();
                            return List.of(found.getOffsetDateTime("at").toInstant(), found.getUUID("ref"));
                        })));
        assertThat(row).isEqualTo(List.of(at, key));
    }

    @Test
    void units_that_wait_together_are_one_transaction() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Future<Boolean> first = database.write(heldBy(gate));
        awaitTaken();
        long groups = database.groups();
        List<Future<?>> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int id = i;
            writes.add(database.write(c -> c.update(INSERT, id, "x")));
        }
        gate.countDown();
        await(first);
        await(Future.all(writes));
        assertThat(database.groups() - groups).isEqualTo(2);
        assertThat(count()).isEqualTo(300);
    }

    @Test
    void a_failing_unit_does_not_fail_its_neighbours() throws Exception {
        List<Future<?>> writes = together(
                c -> c.update(INSERT, 1, "kept"),
                c -> c.update(INSERT, 1, "refused"),
                c -> {
                    c.update(INSERT, 2, "given back");
                    throw new FairleadException(ErrorCode.CONFLICT, "refused by rule");
                },
                c -> {
                    c.update(INSERT, 3, "given back");
                    throw new IllegalStateException("a bug");
                },
                c -> c.update(INSERT, 4, "kept"));
        assertThat(writes.get(0).succeeded()).isTrue();
        assertThat(writes.get(1).cause())
                .isInstanceOfSatisfying(StatementException.class, e -> assertThat(e.isDuplicateKey())
                        .isTrue());
        assertThat(writes.get(2).cause()).isInstanceOfSatisfying(FairleadException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CONFLICT));
        assertThat(writes.get(3).cause()).isInstanceOf(IllegalStateException.class);
        assertThat(writes.get(4).succeeded()).isTrue();
        assertThat(ids()).containsExactly(1, 4);
    }

    @Test
    void a_unit_that_swallows_a_refused_statement_fails_alone() throws Exception {
        List<Future<?>> writes = together(
                c -> c.update(INSERT, 1, "kept"),
                c -> {
                    c.update(INSERT, 2, "given back");
                    assertThat(catchThrowable(() -> c.update(INSERT, 1, "refused")))
                            .isNotNull();
                    return 0;
                },
                c -> c.update(INSERT, 3, "kept"));
        assertThat(writes.get(1).cause()).isInstanceOf(StatementException.class);
        assertThat(ids()).containsExactly(1, 3);
    }

    @Test
    void a_lone_failing_unit_leaves_nothing() throws Exception {
        Future<?> write = database.write(c -> {
            c.update(INSERT, 1, "given back");
            throw new FairleadException(ErrorCode.CONFLICT, "no");
        });
        assertThatThrownBy(() -> await(write)).isInstanceOf(FairleadException.class);
        assertThat(ids()).isEmpty();
    }

    @Test
    void the_values_of_a_refused_row_are_in_no_message() throws Exception {
        await(database.write(c -> c.update("CREATE UNIQUE INDEX probe_text ON probe (text)")));
        await(database.write(c -> c.update(INSERT, 1, "canary")));
        Throwable write = catchThrowable(() -> await(database.write(c -> c.update(INSERT, 2, "canary"))));
        Throwable read = catchThrowable(() -> await(
                database.read(c -> c.preparedQuery("SELECT CAST(? AS INT) + 1").execute(Tuple.of("canary")))));
        assertThat(write).isInstanceOf(StatementException.class);
        assertThat(read).isInstanceOf(StatementException.class);
        assertThat(write).hasStackTraceContaining("23505");
        assertThat(stackTraces(write) + stackTraces(read)).doesNotContain("canary");
    }

    @Test
    void a_deferred_statement_has_run_before_the_next_that_is_not() throws Exception {
        int seen = await(database.write(c -> {
            c.defer(INSERT, 1, "x");
            c.defer(INSERT, 2, "x");
            return c.query("SELECT id FROM probe", row -> row.integer("id")).size();
        }));
        assertThat(seen).isEqualTo(2);
    }

    @Test
    void a_refused_deferred_statement_fails_its_own_unit() throws Exception {
        List<Future<?>> writes = together(
                c -> deferred(c, 1),
                c -> deferred(c, 1),
                c -> deferred(c, 2),
                c -> {
                    c.defer(INSERT, 3, "given back");
                    throw new FairleadException(ErrorCode.CONFLICT, "refused by rule");
                },
                c -> deferred(c, 4));
        assertThat(writes.stream().map(Future::succeeded)).containsExactly(true, false, true, false, true);
        assertThat(ids()).containsExactly(1, 2, 4);
    }

    @Test
    void a_lone_refused_deferred_statement_leaves_nothing() throws Exception {
        await(database.write(c -> deferred(c, 1)));
        Throwable refusal = catchThrowable(() -> await(database.write(c -> deferred(c, 1))));
        assertThat(refusal).isInstanceOf(StatementException.class);
        await(database.write(c -> deferred(c, 2)));
        assertThat(ids()).containsExactly(1, 2);
    }

    private static int deferred(WriteConnection c, int id) throws SQLException {
        c.defer(INSERT, id, "x");
        return id;
    }

    @Test
    void a_write_completes_on_its_callers_context() throws Exception {
        Context caller = vertx.getOrCreateContext();
        AtomicReference<Context> completed = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        caller.runOnContext(
                turn -> database.write(c -> c.update(INSERT, 1, "x")).onComplete(outcome -> {
                    completed.set(Vertx.currentContext());
                    done.countDown();
                }));
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(completed.get()).isSameAs(caller);
    }

    @Test
    void a_batch_is_written_whole() throws Exception {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(new Object[] {i, "x"});
        }
        await(database.write(c -> c.batch(INSERT, rows)));
        assertThat(count()).isEqualTo(500);
    }

    @Test
    void a_read_may_not_leave_a_connection_without_commit() throws Exception {
        for (int i = 0; i < 20; i++) {
            int id = i;
            await(database.read(c -> c.preparedQuery(INSERT).execute(Tuple.of(id, "x"))));
        }
        assertThat(count()).isEqualTo(20);
    }

    @Test
    void close_writes_what_waits_and_takes_no_more() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        database.write(heldBy(gate));
        awaitTaken();
        List<Future<?>> writes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int id = i;
            writes.add(database.write(c -> c.update(INSERT, id, "x")));
        }
        Future<Void> closed = database.close();
        Future<?> late = database.write(c -> c.update(INSERT, -1, "late"));
        gate.countDown();
        await(Future.all(writes));
        await(closed);
        assertThat(late.cause()).isInstanceOf(FairleadException.class);
        database = open();
        assertThat(count()).isEqualTo(2_000);
    }

    @Test
    void a_schema_that_is_current_opens_again() throws Exception {
        await(database.write(c -> c.update(INSERT, 1, "x")));
        await(database.close());
        database = open();
        assertThat(ids()).containsExactly(1);
    }

    @Test
    void both_sides_answer_a_ping() throws Exception {
        assertThat(await(database.ping())).isNull();
    }

    /** Queues the units while the writer is busy, so that they form one group, and waits for all of them. */
    @SafeVarargs
    final List<Future<?>> together(WriteUnit<Integer>... units) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        database.write(heldBy(gate));
        awaitTaken();
        List<Future<?>> writes = new ArrayList<>();
        for (WriteUnit<Integer> unit : units) {
            writes.add(database.write(unit));
        }
        gate.countDown();
        await(Future.join(writes).map(all -> true).otherwise(false));
        return writes;
    }

    /** A unit that holds the writer until the gate opens. */
    static WriteUnit<Boolean> heldBy(CountDownLatch gate) {
        return c -> {
            try {
                return gate.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    void awaitTaken() {
        Awaitility.await().until(() -> database.waiting() == 0);
    }

    long count() throws Exception {
        return await(database.read(c -> c.query("SELECT COUNT(*) AS n FROM probe")
                .execute()
                .map(rows -> rows.iterator().next().getLong("n"))));
    }

    List<Integer> ids() throws Exception {
        return await(database.write(c -> c.query("SELECT id FROM probe ORDER BY id", row -> row.integer("id"))));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    static String stackTraces(Throwable failure) {
        var text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
