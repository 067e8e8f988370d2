package dev.fairlead.gateway.logins;

import dev.fairlead.gateway.auth.PasswordHash;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is kept of sessions and of the password they stand on. Every method is one unit of a write transaction. */
final class LoginRepository {
    private static final String ALL = "SELECT id, handle_sha256, key_sha256, address, client, created_at, last_used_at,"
            + " used, expires_at FROM logins";
    private static final String ADD = "INSERT INTO logins (id, handle_sha256, key_sha256, address, client, created_at,"
            + " last_used_at, used, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String USED = "UPDATE logins SET address = ?, last_used_at = ?, used = TRUE WHERE id = ?";
    private static final String END = "DELETE FROM logins WHERE id = ?";
    private static final String END_ALL = "DELETE FROM logins";
    private static final String PASSWORD = "SELECT salt, argon2id, version FROM admin_password WHERE id = 1 FOR UPDATE";
    private static final String FORGET_PASSWORD = "DELETE FROM admin_password WHERE id = 1";
    private static final String ADD_PASSWORD =
            "INSERT INTO admin_password (id, salt, argon2id, version) VALUES (1, ?, ?, ?)";

    private LoginRepository() {}

    /** The password as it was when the version began. */
    record KeptPassword(PasswordHash hash, String version) {}

    static List<Login> all(WriteConnection c) throws SQLException {
        return c.query(ALL, LoginRepository::login);
    }

    static int add(WriteConnection c, Login login) throws SQLException {
        return c.update(
                ADD,
                login.id(),
                login.handleSha256(),
                login.keySha256(),
                login.address(),
                login.client(),
                login.createdAt(),
                login.lastUsedAt(),
                login.used(),
                login.expiresAt());
    }

    /** Writes when and from where sessions were last used; one that ended meanwhile stays ended. */
    static int used(WriteConnection c, List<Login> logins) throws SQLException {
        return c.batch(
                        USED,
                        logins.stream()
                                .map(login -> new Object[] {login.address(), login.lastUsedAt(), login.id()})
                                .toList())
                .length;
    }

    static int end(WriteConnection c, Collection<String> ids) throws SQLException {
        return c.batch(END, ids.stream().map(id -> new Object[] {id}).toList()).length;
    }

    static Optional<KeptPassword> password(WriteConnection c) throws SQLException {
        return c.queryOne(
                PASSWORD,
                row -> new KeptPassword(
                        new PasswordHash(row.string("salt"), row.string("argon2id")), row.string("version")));
    }

    /** Another password: nothing that stood on the one before is left. */
    static int replacePassword(WriteConnection c, KeptPassword kept) throws SQLException {
        c.update(END_ALL);
        c.update(FORGET_PASSWORD);
        return c.update(ADD_PASSWORD, kept.hash().salt(), kept.hash().argon2id(), kept.version());
    }

    private static Login login(Columns row) throws SQLException {
        return new Login(
                row.string("id"),
                row.string("handle_sha256"),
                row.string("key_sha256"),
                row.string("address"),
                row.string("client"),
                row.instant("created_at"),
                row.instant("last_used_at"),
                row.bool("used"),
                row.instant("expires_at"));
    }
}
