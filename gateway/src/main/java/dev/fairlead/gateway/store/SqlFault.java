package dev.fairlead.gateway.store;

import java.sql.SQLException;
import java.util.Set;
import org.h2.mvstore.MVStoreException;

/** Whose fault an {@link SQLException} is, told by its SQLState; what is not known counts as the connection's. */
enum SqlFault {
    /** The statement's own: constraint, value, syntax. Its neighbours are not concerned. */
    STATEMENT,
    /** A deadlock or serialization conflict: the same work may succeed when run again. */
    CONFLICT,
    /** A lock was not given in time; the connection is sound. */
    BUSY,
    /** The connection or the database is gone, or cannot be trusted: open anew. */
    BROKEN;

    /**
     * Classes of SQLState that blame the statement (SQL standard; 0A unsupported, 21-23 data, 42 syntax, P0 raised).
     */
    private static final Set<String> STATEMENT_CLASSES = Set.of("02", "07", "0A", "21", "22", "23", "42", "P0", "HY");

    /**
     * H2's own codes for a closed connection or database, an I/O error, a corrupt file (org.h2.api.ErrorCode); its
     * other 90xxx codes blame the statement.
     */
    private static final Set<Integer> H2_BROKEN =
            Set.of(90007, 90020, 90028, 90030, 90031, 90034, 90048, 90067, 90098, 90108, 90121, 90135);

    /** H2's code for what its inside threw, which is no word on the statement where the file's store threw it. */
    private static final int H2_GENERAL_ERROR = 50_000;

    /** Whether an unchecked exception is the embedded database's own: its file is closed, or not what it was. */
    static boolean ofDriver(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MVStoreException) {
                return true;
            }
        }
        return false;
    }

    static SqlFault of(SQLException e) {
        if (e instanceof MissingStoreException) {
            return BUSY;
        }
        if (e.getErrorCode() == H2_GENERAL_ERROR && ofDriver(e)) {
            return BROKEN; // it is closing, because something could not be written
        }
        String state = e.getSQLState();
        if (state == null || state.length() != 5) {
            return BROKEN;
        }
        return switch (state) {
            case "40001", "40P01", "90131" -> CONFLICT;
            case "55P03", "57014", "HYT00" -> BUSY;
            default -> {
                if (state.startsWith("90")) {
                    yield H2_BROKEN.contains(e.getErrorCode()) ? BROKEN : STATEMENT;
                }
                yield STATEMENT_CLASSES.contains(state.substring(0, 2)) ? STATEMENT : BROKEN;
            }
        };
    }
}
