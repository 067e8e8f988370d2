package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.OwnTransactions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Whether the database opens, or a running gateway has it. */
@OwnTransactions("it looks, and there is no gateway")
final class DatabaseCheck {

    private static final String SUBJECT = "database";
    private static final int TIMEOUT_S = 5;

    private DatabaseCheck() {}

    static Finding run(Settings settings) {
        Path folder = settings.dataDir();
        Path file = folder.resolve("fairlead.mv.db");
        if (settings.db().url().isPresent()) {
            return open(settings.db().url().get(), settings.db());
        }
        if (!Files.exists(file)) {
            return Finding.good(SUBJECT, file + " does not exist yet and will be made");
        }
        if (lockedByGateway(folder.resolve("gateway.lock"))) {
            return Finding.good(SUBJECT, file + " is in use by the gateway that runs");
        }
        // Read-only: looking must not change the file.
        String options = ";IFEXISTS=TRUE;ACCESS_MODE_DATA=r;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"
                + ";DEFAULT_NULL_ORDERING=HIGH;TRACE_LEVEL_FILE=0";
        return open("jdbc:h2:file:" + folder.resolve("fairlead") + options, settings.db());
    }

    private static Finding open(String url, Settings.Db db) {
        String shown = url.replaceFirst("[;?].*", "");
        Properties login = new Properties();
        login.setProperty("user", db.user().orElse(url.startsWith("jdbc:h2:") ? "sa" : ""));
        db.password().map(Secret::reveal).ifPresent(password -> login.setProperty("password", password));
        if (!url.startsWith("jdbc:h2:")) {
            login.setProperty("connectTimeout", Integer.toString(TIMEOUT_S));
            login.setProperty("socketTimeout", Integer.toString(TIMEOUT_S));
        }
        try (Connection connection = DriverManager.getConnection(url, login)) {
            return connection.isValid(TIMEOUT_S)
                    ? Finding.good(SUBJECT, shown + " opens")
                    : Finding.fault(SUBJECT, shown + " opens but does not answer", "look into the database's log");
        } catch (SQLException e) {
            return Finding.fault(
                    SUBJECT,
                    shown + " does not open (SQLState " + e.getSQLState() + ")",
                    "check db.url, db.user and db.password, that it runs, and that no other program has it open");
        }
    }

    /** A running gateway holds this lock; taking it for a moment is the only way to know. */
    private static boolean lockedByGateway(Path file) {
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (IOException e) {
            return false;
        }
    }
}
