package dev.fairlead.gateway.store;

import java.util.Locale;

/** The two databases the gateway runs on; statements are written to mean the same on both. */
public enum Dialect {
    /** Embedded, one file in the data folder. */
    H2,
    /** A server, for larger installations and the cluster. */
    POSTGRESQL;

    static Dialect of(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:h2:")) {
            return H2;
        }
        if (lower.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        throw new IllegalArgumentException(
                "db.url must start with jdbc:h2: or jdbc:postgresql:, the databases Fairlead runs on");
    }
}
