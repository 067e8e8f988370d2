package dev.fairlead.gateway.logins;

import dev.fairlead.gateway.bus.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of the logins' concern. Every request may also be refused with {@code storage_unavailable}. Secrets
 * do not show in {@code toString}.
 */
public final class LoginCommands {
    private LoginCommands() {}

    /**
     * Begins a session of a browser that has proved to be the operator's.
     *
     * @param address from where
     * @param client what the browser calls itself; at most 200 characters are kept
     */
    public record Begin(String address, String client) implements Request<Begun> {}

    /**
     * A new session, told this once.
     *
     * @param handle its half for the cookie
     * @param key its half for the page's scripts
     */
    public record Begun(String id, String handle, String key, Instant expiresAt) {
        @Override
        public String toString() {
            return "Begun[" + id + "]";
        }
    }

    /** Whose the two halves of a session are. Refused with {@code unauthorized} where they are none, or no pair. */
    public record Recognise(String handle, String key, String address) implements Request<Recognised> {
        @Override
        public String toString() {
            return "Recognise[********]";
        }
    }

    public record Recognised(String id, Instant expiresAt) {}

    /** Asks for all sessions, the one used last first. */
    public record ListLogins() implements Request<Sessions> {}

    public record Sessions(List<Session> sessions) {
        public Sessions {
            sessions = List.copyOf(sessions);
        }
    }

    /** A session as it may be shown. */
    public record Session(
            String id, String address, String client, Instant createdAt, Instant lastUsedAt, Instant expiresAt) {}

    /** Ends a session. Refused with {@code not_found}. */
    public record End(String id, String actor, String address) implements Request<Ended> {}

    /** Ends all sessions but one. */
    public record EndOthers(Optional<String> but, String actor, String address) implements Request<Ended> {}

    public record Ended(int sessions) {}

    /** Makes a key that logs a browser in once. */
    public record MakeKey(Duration life, String actor, String address) implements Request<Key> {}

    /** A key, told this once. */
    public record Key(String key, Instant expiresAt) {
        @Override
        public String toString() {
            return "Key[" + expiresAt + "]";
        }
    }

    /** Uses a key up. Refused with {@code unauthorized} where it is none, or none any more. */
    public record UseKey(String key) implements Request<KeyUsed> {
        @Override
        public String toString() {
            return "UseKey[********]";
        }
    }

    public record KeyUsed() {}

    /** Which admin password holds. Tokens and sessions carry its version: they end with it. */
    public record CurrentPassword() implements Request<PasswordVersion> {}

    public record PasswordVersion(String version) {}
}
