package dev.fairlead.gateway.store;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The database: reads run on a pool, writes are grouped into transactions by one writer.
 *
 * <p>What {@link #write} completed is committed and, on H2, synced to the disk; a process or power that ends at any
 * moment does not lose it. Whatever happens to the database, no event loop waits and callers get
 * {@code storage_unavailable} until it is back, which is noticed within 5 s. Safe for use by several threads.
 */
public final class Database {
    private final Vertx vertx;

    private final Dialect dialect;

    private final Connections connections;

    private final Optional<DatabaseGuard> guard;

    private final ReadPool readers;

    private final GroupWriter writer;

    private final Optional<StoreMark> mark;

    private final Promise<Void> written = Promise.promise();

    private Database(
            Vertx vertx,
            Dialect dialect,
            Connections connections,
            Optional<DatabaseGuard> guard,
            ReadPool readers,
            GroupWriter writer,
            Optional<StoreMark> mark) {
        this.vertx = vertx;
        this.dialect = dialect;
        this.connections = connections;
        this.guard = guard;
        this.readers = readers;
        this.writer = writer;
        this.mark = mark;
    }

    /**
     * Whether a read or write failed for the database's absence, which the log has been told of by then: what it was
     * for may be tried later. After a commit in doubt it may be there already.
     */
    public static boolean isOutage(Throwable failure) {
        ErrorCode code = Bus.refusal(failure).code();
        return code == ErrorCode.STORAGE_UNAVAILABLE || code == ErrorCode.OUTCOME_UNKNOWN;
    }

    /**
     * Opens the database of the settings, by default an H2 file in the data folder, and brings its schema up to date.
     * Fails with a message that names the database, never its credentials.
     */
    public static Future<Database> open(Vertx vertx, Settings.Db settings, DataFolder folder) {
        return open(vertx, settings, folder, Optional.empty());
    }

    /**
     * Opens a PostgreSQL database that other nodes have open too. What belongs to one of them is written with
     * {@link #write(List, WriteUnit)} alone.
     *
     * @param standstill so long a node may stand still in the middle of a transaction before the server takes its locks
     *     from it: less than a lease, so that what it has is free when its lease is over
     */
    public static Future<Database> openShared(
            Vertx vertx, Settings.Db settings, DataFolder folder, Duration standstill) {
        return open(vertx, settings, folder, Optional.of(standstill));
    }

    private static Future<Database> open(
            Vertx vertx, Settings.Db settings, DataFolder folder, Optional<Duration> shared) {
        Promise<Database> opened = Promise.promise();
        var context = vertx.getOrCreateContext();
        Thread thread = new Thread(
                () -> {
                    Database database;
                    try {
                        database = connect(vertx, settings, folder, shared);
                    } catch (IOException | RuntimeException e) {
                        context.runOnContext(turn -> opened.fail(e));
                        return;
                    }
                    context.runOnContext(turn -> opened.complete(database));
                    database.writer.run();
                    database.written.complete();
                },
                "fairlead-writer");
        thread.start();
        return opened.future();
    }

    /**
     * Runs statements that only read, in one transaction. After a lost connection the work may be run a second time, on
     * a new one.
     */
    public <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
        return readers.read(work);
    }

    /**
     * Queues the unit for the next group; completes, on the caller's context, after the commit.
     *
     * <p>Fails with {@code storage_unavailable} where the unit is not kept, with {@code outcome_unknown} where that is
     * not known, because the commit itself failed, with a {@link StatementException} where a statement was refused, and
     * with what the unit threw.
     */
    public <T> Future<T> write(WriteUnit<T> unit) {
        return write(List.of(), unit);
    }

    /**
     * As {@link #write(WriteUnit)}, where this node still has all those leases: their rows are locked and compared at
     * the beginning of the same transaction. Where one is lost the unit is not run, and fails with a
     * {@link LeaseLostException}; its neighbours are none the worse.
     */
    public <T> Future<T> write(List<Fence> under, WriteUnit<T> unit) {
        return writer.submit(under, unit, vertx.getOrCreateContext());
    }

    /**
     * A connection beside the writer's, opened when it is first used; its user closes it.
     *
     * @param patience so long one of its statements may take
     */
    public SideConnection beside(Duration patience) {
        return new SideConnection(connections, patience);
    }

    /** Whether both sides serve, for the health check. */
    public Future<Void> ping() {
        Future<?> read =
                read(connection -> connection.query("SELECT 1").execute().mapEmpty());
        Future<?> write = write(connection -> connection.queryOne("SELECT 1 AS one", row -> row.integer("one")));
        return Future.all(read, write).mapEmpty();
    }

    /** Copies the embedded database, as it is now, into a zip file; writers go on meanwhile. */
    Future<Void> backup(Path zip) {
        return vertx.executeBlocking(
                () -> {
                    try (Connection connection = connections.connect();
                            PreparedStatement backup = connection.prepareStatement("BACKUP TO ?")) {
                        backup.setString(1, zip.toString());
                        backup.execute();
                    }
                    return null;
                },
                false);
    }

    public Dialect dialect() {
        return dialect;
    }

    /** How far it had come, as a file beside it says; empty where it is not in the data folder. */
    public Optional<StoreMark> mark() {
        return mark;
    }

    /** Transactions committed by the writer so far. */
    public long groups() {
        return writer.groups();
    }

    /** Units in those transactions. */
    public long units() {
        return writer.units();
    }

    /** Units that wait for the writer now. */
    public int waiting() {
        return writer.waiting();
    }

    /** Takes no more, writes what waits, then closes the connections. */
    public Future<Void> close() {
        writer.close();
        var context = vertx.getOrCreateContext();
        return written.future()
                .eventually(readers::close)
                .eventually(() -> context.executeBlocking(() -> {
                    connections.close();
                    guard.ifPresent(DatabaseGuard::close);
                    return null;
                }));
    }

    private static Database connect(Vertx vertx, Settings.Db settings, DataFolder folder, Optional<Duration> shared)
            throws IOException {
        Optional<StoreMark> mark = settings.url().isEmpty() ? Optional.of(StoreMark.open(folder)) : Optional.empty();
        DatabaseUrl url = DatabaseUrl.of(settings, folder);
        String shown = url.toString();
        StoreFiles files = settings.url().isEmpty()
                ? StoreFiles.of(List.of(folder.root(), folder.file(DatabaseUrl.FILE_NAME)))
                : StoreFiles.none();
        Connections connections = Connections.open(url, settings, files, folder);
        Optional<DatabaseGuard> guard = Optional.empty();
        try {
            if (shared.isPresent() && url.dialect() != Dialect.POSTGRESQL) {
                throw new IOException("The database " + shown + " cannot be shared by several nodes: set db.url to"
                        + " jdbc:postgresql:…");
            }
            if (url.dialect() == Dialect.POSTGRESQL) {
                guard = Optional.of(DatabaseGuard.take(url, settings, shared.isPresent()));
            }
            Schema.migrate(connections.source());
            try (Connection connection = connections.connect()) {
                connections.expect(
                        shared.isPresent() ? StoreIdentity.share(connection) : StoreIdentity.claim(connection));
            }
            ReadPool readers = new ReadPool(
                    vertx,
                    connections,
                    settings.poolSize(),
                    new Outage("reads", shown, TimeSource.system()),
                    ReadPool.PATIENCE);
            GroupWriter writer = new GroupWriter(
                    new WriteTransaction(connections, url.dialect(), guard, files, shared),
                    new Outage("writes", shown, TimeSource.system()));
            guard.ifPresent(held -> new Thread(held::run, "fairlead-guard").start());
            return new Database(vertx, url.dialect(), connections, guard, readers, writer, mark);
        } catch (SQLException | RuntimeException e) {
            guard.ifPresent(DatabaseGuard::close);
            connections.close();
            throw new IOException(
                    Damage.is(e)
                            ? Damage.refusal(shown, folder, e)
                            : "The database " + shown + " cannot be made ready: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            connections.close();
            throw e;
        }
    }
}
