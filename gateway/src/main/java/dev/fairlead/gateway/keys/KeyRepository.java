package dev.fairlead.gateway.keys;

import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is kept of the keys of faces: all but the key. Every method is one unit of a write transaction. */
final class KeyRepository {
    private static final String ALL = "SELECT id, kind, name, scopes, created_at FROM face_keys";
    private static final String ADD =
            "INSERT INTO face_keys (id, kind, name, scopes, created_at) VALUES (?, ?, ?, ?, ?)";
    private static final String REMOVE = "DELETE FROM face_keys WHERE id = ?";

    private KeyRepository() {}

    static List<KeyCommands.Shown> all(WriteConnection c) throws SQLException {
        return c.query(ALL, KeyRepository::key);
    }

    static int add(WriteConnection c, KeyCommands.Shown key) throws SQLException {
        String scopes = key.scopes().stream().map(Enum::name).collect(Collectors.joining(","));
        return c.update(ADD, key.id(), key.kind().audience(), key.name(), scopes, key.createdAt());
    }

    static int remove(WriteConnection c, String id) throws SQLException {
        return c.update(REMOVE, id);
    }

    private static KeyCommands.Shown key(Columns row) throws SQLException {
        List<KeyCommands.Scope> scopes = Arrays.stream(row.string("scopes").split(",", -1))
                .filter(scope -> !scope.isEmpty())
                .map(KeyCommands.Scope::valueOf)
                .toList();
        return new KeyCommands.Shown(
                row.string("id"),
                TokenKind.of(row.string("kind")).orElseThrow(),
                row.string("name"),
                scopes,
                row.instant("created_at"),
                Optional.empty());
    }
}
