package dev.fairlead.gateway.store;

import dev.fairlead.protocol.VisibleText;
import java.io.EOFException;
import java.net.ConnectException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/**
 * Why a database does not serve, in one line for people, with what mends it: the known conditions by their names, all
 * others by the words of what is at their bottom.
 */
final class RootCause {
    /** PostgreSQL tells a lot; a line is a line. */
    private static final int MAX_CHARS = 300;

    private RootCause() {}

    /** The line. */
    static String of(Throwable failure) {
        Throwable bottom = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            bottom = cause;
            String known = cause instanceof SQLException sql ? known(sql) : "";
            if (known.isEmpty()) {
                known = system(String.valueOf(cause.getMessage()));
            }
            if (!known.isEmpty()) {
                return known;
            }
        }
        return bottom instanceof ConnectException
                ? "the database's server does not answer; see that it runs"
                : text(bottom);
    }

    /** Whether it failed for want of a place to write to: the disk is full, or the files are gone. */
    static boolean isLackOfRoom(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MissingStoreException || isFull(String.valueOf(cause.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFull(String message) {
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }

    /** What the system said, whatever wrapped it. */
    private static String system(String message) {
        if (isFull(message)) {
            return "the disk is full; free space on it";
        }
        if (message.contains("Read-only file system")) {
            return "the disk is read-only; remount it, and look into the system's log for why it became so";
        }
        if (message.contains("Input/output error")) {
            return "the disk failed (input/output error); look into the system's log, and think of a backup";
        }
        return message.contains("Too many open files")
                ? "the process may open no more files; raise its limit (ulimit -n)"
                : "";
    }

    private static String known(SQLException e) {
        if (e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
            return "another process has the database open; end it";
        }
        if (e.getErrorCode() == ErrorCode.FILE_CORRUPTED_1) {
            return "the database file is damaged; stop the gateway and bring back a backup (fairlead restore FILE), or"
                    + " see gateway/docs/recovery.md";
        }
        return switch (String.valueOf(e.getSQLState())) {
            case "53100" -> "the database server's disk is full; free space on it";
            case "53300" ->
                "the database server takes no more connections; raise max_connections there, or lower"
                        + " db.pool_size";
            case "25006" -> "the database is read-only; this needs the primary server";
            case "28P01", "28000" -> "the database server refuses the login; check db.user and db.password";
            case "55P03", "HYT00" -> "another session holds a lock that is needed; end it";
            case "57P03" -> "the database server is starting or stopping; wait, or see that it runs";
            case "08001" ->
                e.getCause() instanceof ConnectException
                        ? "the database's server does not answer; see that it runs"
                        : "";
            default -> "";
        };
    }

    private static String text(Throwable bottom) {
        if (bottom instanceof EOFException) {
            return "the connection to the database's server broke; see that it, and what stands in between, runs";
        }
        String message = bottom.getMessage();
        if (message == null || message.isBlank()) {
            return "unexpected: " + bottom.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse(message);
        if (bottom instanceof FileSystemException) {
            line = "file: " + line;
        }
        return VisibleText.cut(line, MAX_CHARS);
    }
}
