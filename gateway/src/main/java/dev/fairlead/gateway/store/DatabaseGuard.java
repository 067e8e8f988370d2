package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a second gateway off a PostgreSQL database: an advisory lock, held by a session of its own for as long as this
 * gateway runs. Nodes of one fleet share it, which keeps gateways out that know of no fleet. A session that is lost is
 * made anew; until it has the lock again nothing is written.
 *
 * <p>{@link #run} is the life of a thread of its own; the rest may be called from any.
 */
final class DatabaseGuard implements AutoCloseable {
    /** One lock for each schema of a database, whoever else uses advisory locks there. */
    private static final String KEY = "hashtext('dev.fairlead.gateway'), hashtext(current_schema())";

    private static final String APPLICATION = "fairlead-guard ";

    private static final String HOLDER = "SELECT l.pid, COALESCE(a.application_name, ''),"
            + " COALESCE(host(a.client_addr), 'this machine'), l.mode = 'ShareLock' FROM pg_locks l LEFT JOIN pg_stat_activity a"
            + " ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2"
            + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " AND l.classid = (hashtext('dev.fairlead.gateway')::bigint & 4294967295)::oid"
            + " AND l.objid = (hashtext(current_schema())::bigint & 4294967295)::oid";

    /** Milliseconds between looks at the session, and between tries to have it again. */
    private static final long PERIOD_MS = 500;

    /** Tries of a start: the session of a gateway that was killed a moment ago ends in milliseconds. */
    private static final int START_TRIES = 6;

    private final String url;

    private final String shown;

    private final Properties login;

    private final String application;

    private final boolean shared;

    private final CountDownLatch closing = new CountDownLatch(1);

    private Connection session; // null while it is lost

    private volatile Optional<String> lost = Optional.of("the lock that keeps a second gateway out is not held");

    private DatabaseGuard(String url, String shown, Settings.Db settings, boolean shared) {
        this.url = url;
        this.shared = shared;
        this.shown = shown;
        // Tells this gateway's own sessions, one cut off from it too, from those of others.
        this.application = APPLICATION + UUID.randomUUID().toString().substring(0, 13);
        this.login = PostgresSource.login(settings, application);
        login.setProperty("socketTimeout", "4");
    }

    /**
     * Takes the database for this process.
     *
     * @param shared with the other nodes of its fleet
     * @throws IOException if another gateway has it, or a fleet does that this one is not of, or if only a pooler leads
     *     there, behind which no lock lasts; the message says what mends it
     */
    static DatabaseGuard take(DatabaseUrl url, Settings.Db settings, boolean shared) throws IOException, SQLException {
        DatabaseUrl direct = DatabaseUrl.direct(settings).orElse(url);
        DatabaseGuard guard = new DatabaseGuard(direct.value(), url.toString(), settings, shared);
        try {
            guard.open(settings.directUrl().isPresent());
            for (int i = 1; guard.lost.isPresent(); i++) {
                if (i == START_TRIES) {
                    throw new IOException(guard.held());
                }
                if (guard.closing.await(PERIOD_MS, TimeUnit.MILLISECONDS)) {
                    break;
                }
                guard.tryLock();
            }
            return guard;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            guard.close();
            throw new IOException("Interrupted while the database was taken", e);
        } catch (IOException | SQLException e) {
            guard.close();
            throw e;
        }
    }

    /** Looks after the session until {@link #close}; ends by no exception. */
    void run() {
        try {
            while (!closing.await(PERIOD_MS, TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (SQLException | RuntimeException e) {
                    drop("the session that keeps a second gateway out is lost: "
                            + e.getMessage().lines().findFirst().orElse(e.toString()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drop("the gateway has let go of the database");
        }
    }

    /**
     * Called before each group is written.
     *
     * @throws SQLException while the lock is not held; the message says why
     */
    void require() throws SQLException {
        Optional<String> why = lost;
        if (why.isPresent()) {
            throw new SQLException(why.get(), "08S02");
        }
    }

    /** As {@link #require}, after a look at the session itself: for a writer that had lost its connection. */
    synchronized void verify() throws SQLException {
        require();
        try {
            look();
        } catch (SQLException e) {
            drop("the session that keeps a second gateway out is lost as well");
            throw e;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        drop("the gateway has let go of the database");
    }

    private synchronized void look() throws SQLException {
        if (closing.getCount() == 0) {
            return;
        }
        if (session == null) {
            open(true);
        } else if (lost.isPresent()) {
            tryLock();
        } else {
            try (Statement statement = session.createStatement()) {
                statement.execute("SELECT 1");
            }
        }
    }

    private synchronized void open(boolean direct) throws SQLException {
        session = DriverManager.getConnection(url, login);
        if (PostgresSource.isPooled(session)) {
            throw new SQLException(
                    direct
                            ? "db.direct_url leads to a connection pooler as well; it has to name the PostgreSQL server"
                                    + " itself"
                            : "The database " + shown + " is reached through a connection pooler (such as PgBouncer),"
                                    + " behind which the lock that keeps a second gateway out does not last. Set"
                                    + " db.direct_url to the PostgreSQL server itself, as"
                                    + " jdbc:postgresql://host:5432/name; db.url may stay",
                    "08004");
        }
        try (Statement statement = session.createStatement()) {
            // The server notices within half a minute where this machine is cut off, and gives the lock to the next.
            statement.execute(
                    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;" + " SET tcp_keepalives_count = 3");
        }
        tryLock();
    }

    private synchronized void tryLock() throws SQLException {
        endOwn();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_try_advisory_lock" + (shared ? "_shared(" : "(") + KEY + ")")) {
            row.next();
            lost = row.getBoolean(1) ? Optional.empty() : Optional.of(held());
        }
    }

    /** A session of ours that was cut off may hold the lock still. */
    private void endOwn() throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(
                "SELECT pg_terminate_backend(pid) FROM"
                        + " pg_stat_activity WHERE application_name = ? AND pid <> pg_backend_pid() AND usename = current_user")) {
            statement.setString(1, application);
            statement.execute();
        }
    }

    private synchronized String held() {
        String who = "another gateway";
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(HOLDER)) {
            if (row.next()) {
                who = (row.getBoolean(4) ? "the nodes of a cluster" : who) + " (at " + row.getString(3)
                        + ", server process " + row.getInt(1) + ")";
            }
        } catch (SQLException e) {
            // Who it is is not known then; that it is, is.
        }
        return "The database " + shown + " is in use by " + who + ". Stop that one, or give this one a database of its"
                + " own (db.url)";
    }

    private synchronized void drop(String why) {
        lost = Optional.of(why);
        if (session != null) {
            try {
                session.close();
            } catch (SQLException | RuntimeException e) {
                // Gone already.
            }
            session = null;
        }
    }
}
