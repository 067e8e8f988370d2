package dev.fairlead.gateway.keys;

import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.bus.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of the keys of faces. Every request may also be refused with {@code storage_unavailable}. Keys do
 * not show in {@code toString}.
 */
public final class KeyCommands {
    private KeyCommands() {}

    /** What a key may do at its face. */
    public enum Scope {
        READ,
        OPERATE,
        TRADE
    }

    /**
     * Makes a key. Refused with {@code bad_request} where the name is none, {@code conflict} where there are too many.
     *
     * @param kind one that is a face's
     * @param name what it is for, for people; not unique
     */
    public record Create(TokenKind kind, String name, List<Scope> scopes, String actor, String address)
            implements Request<Created> {
        public Create {
            scopes = List.copyOf(scopes);
        }
    }

    /** A new key, told this once. */
    public record Created(String token, Shown key) {
        @Override
        public String toString() {
            return "Created[" + key + "]";
        }
    }

    /** A key as it may be shown. */
    public record Shown(
            String id,
            TokenKind kind,
            String name,
            List<Scope> scopes,
            Instant createdAt,
            Optional<Instant> lastUsedAt) {
        public Shown {
            scopes = List.copyOf(scopes);
        }
    }

    /** Asks for all keys, by name. */
    public record ListKeys() implements Request<Keys> {}

    public record Keys(List<Shown> keys) {
        public Keys {
            keys = List.copyOf(keys);
        }
    }

    /** Ends a key. Refused with {@code not_found}. */
    public record Revoke(String id, String actor, String address) implements Request<Revoked> {}

    public record Revoked(String id) {}

    /**
     * Whose a key is whose signature holds. Refused with {@code unauthorized} where it was revoked.
     *
     * @param jti of the key
     */
    public record Use(String jti) implements Request<Shown> {}
}
