package dev.fairlead.gateway.store;

import java.sql.SQLException;

/** The path leads to the files that are open no more. They stay open: whoever brings them back loses nothing. */
final class MissingStoreException extends SQLException {
    private static final long serialVersionUID = 1L;

    MissingStoreException(String message) {
        super(message, "55000");
    }
}
