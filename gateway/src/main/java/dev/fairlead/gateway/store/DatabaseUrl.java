package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the database is, completed with what durability needs.
 *
 * @param value the JDBC url; may hold credentials, so that only {@link #toString} is shown
 */
record DatabaseUrl(String value, Dialect dialect) {
    private static final String H2_FILE = "fairlead";

    /** The default database's one file, in the data folder. */
    static final String FILE_NAME = H2_FILE + ".mv.db";

    private static final String H2 = "jdbc:h2:";

    private static final String H2_PLAIN = "file:";

    /** What is in no file that is written to. */
    private static final Pattern H2_ELSEWHERE = Pattern.compile("(mem|tcp|ssl|zip|classpath):");

    /** Milliseconds a statement waits for a lock before its caller is told the storage is unavailable. */
    static final int LOCK_MS = 2_000;

    /**
     * The url asked for, or the file in the data folder.
     *
     * @throws IOException if the file cannot be made
     */
    static DatabaseUrl of(Settings.Db settings, DataFolder folder) throws IOException {
        if (settings.url().isPresent()) {
            return of(settings.url().get());
        }
        PreparedStore.make(folder, FILE_NAME, settings);
        // H2 would make it under the umask.
        folder.prepareFile(FILE_NAME);
        return of("jdbc:h2:file:" + folder.file(H2_FILE));
    }

    /** Where sessions are the server's own, if that is set apart from the url. */
    static Optional<DatabaseUrl> direct(Settings.Db settings) {
        return settings.directUrl().map(DatabaseUrl::of);
    }

    static DatabaseUrl of(String url) {
        Dialect dialect = Dialect.of(url);
        return new DatabaseUrl(dialect == Dialect.H2 ? h2(url) : url, dialect);
    }

    /** Without user, password and options. */
    @Override
    public String toString() {
        return value.replace(H2 + FailStopFiles.PREFIX, H2 + H2_PLAIN)
                .replaceAll("//[^/@]*@", "//")
                .replaceAll("[?;].*", "");
    }

    private static String h2(String url) {
        StringBuilder complete = new StringBuilder(failStop(url));
        // Milliseconds. What is to be kept is written and synced after each group (WriteTransaction); with a delay of 0
        // H2 has no thread that uses freed space again, and the file grows by what was ever written to it. That thread
        // looks ten times in each delay, whether or not there is something to do.
        option(complete, "WRITE_DELAY", "500");
        // Milliseconds for which freed space is left alone, against disks that keep less than they say. What matters is
        // synced, so that the 45 s H2 takes would only add 45 s of writes to the file.
        option(complete, "RETENTION_TIME", "1000");
        // Milliseconds for packing the file when it is closed. It is packed in operation; a disk that is full while
        // H2 moves all of it leaves a file that does not open.
        option(complete, "MAX_COMPACT_TIME", "0");
        // The nearest to the other database: what is written for one means the same on both.
        option(complete, "MODE", "PostgreSQL");
        option(complete, "DATABASE_TO_LOWER", "TRUE");
        option(complete, "DEFAULT_NULL_ORDERING", "HIGH");
        option(complete, "LOCK_TIMEOUT", Integer.toString(LOCK_MS));
        // The gateway closes it in order; H2's own shutdown hook would close it under the last writes.
        option(complete, "DB_CLOSE_ON_EXIT", "FALSE");
        // H2's trace file holds statements with their values.
        option(complete, "TRACE_LEVEL_FILE", "0");
        return complete.toString();
    }

    /** A file of a database, wherever it is said to be, is one that a fault ends. */
    private static String failStop(String url) {
        String place = url.substring(H2.length());
        if (H2_ELSEWHERE.matcher(place).lookingAt()) {
            return url;
        }
        FailStopFiles.register();
        return H2 + FailStopFiles.PREFIX + (place.startsWith(H2_PLAIN) ? place.substring(H2_PLAIN.length()) : place);
    }

    private static void option(StringBuilder url, String name, String value) {
        if (!url.toString().toUpperCase(Locale.ROOT).contains(";" + name + "=")) {
            url.append(';').append(name).append('=').append(value);
        }
    }
}
