package dev.fairlead.gateway.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Whether a database that several gateways share is of this version's form. */
public final class SchemaCheck {
    private static final String APPLIED =
            "SELECT version FROM flyway_schema_history WHERE version IS NOT NULL AND success ORDER BY installed_rank";

    private SchemaCheck() {}

    /**
     * A migration that a newer gateway has made and this one knows nothing of; empty where there is none.
     *
     * @throws IOException if the packaged migrations cannot be read
     */
    public static Optional<String> unknown(WriteConnection c) throws SQLException, IOException {
        Set<String> known = Migrations.checksums().keySet();
        return c.query(APPLIED, row -> row.string("version")).stream()
                .filter(version -> !known.contains(version))
                .reduce((first, second) -> second);
    }
}
