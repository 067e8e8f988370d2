package dev.fairlead.gateway.logins;

import dev.fairlead.gateway.auth.RandomBytes;
import dev.fairlead.gateway.time.StateMachine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions there are. A session has two halves of 256 random bits: neither is good without the other, and of both
 * the hash alone is kept. Confined to one event loop.
 */
@StateMachine
final class Logins {
    /** How long a session lasts, used or not. */
    static final Duration LIFE = Duration.ofHours(12);

    /** How long one lasts that nobody used: what logs in for the token alone leaves nothing behind. */
    static final Duration UNUSED_LIFE = Duration.ofMinutes(10);

    /** Most sessions; one more ends the one that was never used, or else the one used longest ago. */
    static final int MOST = 256;

    private static final int HALF_BYTES = 32;
    private static final int MOST_CLIENT = 200;

    private final Map<String, Login> byId = new HashMap<>();
    private final Map<String, String> idByHandle = new HashMap<>();
    private final Map<String, Login> unsaved = new LinkedHashMap<>();

    /** What was begun: what is kept of it, and its halves. */
    record Fresh(Login login, String handle, String key) {
        @Override
        public String toString() {
            return "Fresh[" + login + "]";
        }
    }

    /** A session that is not known here yet: see {@link #add}. */
    static Fresh begin(String id, String address, String client, Instant now) {
        String handle = half();
        String key = half();
        Login login =
                new Login(id, sha256(handle), sha256(key), address, printable(client), now, now, false, now.plus(LIFE));
        return new Fresh(login, handle, key);
    }

    void add(Login login) {
        byId.put(login.id(), login);
        idByHandle.put(login.handleSha256(), login.id());
    }

    /** What is kept of a session, which another node may have begun or seen used since. */
    void know(Login kept) {
        Login here = byId.get(kept.id());
        if (here == null || (kept.used() && kept.lastUsedAt().isAfter(here.lastUsedAt()))) {
            add(kept);
        }
    }

    /** The session of these halves, noted as used; empty where they are none. */
    Optional<Login> use(String handle, String key, String address, Instant now) {
        Login found = Optional.ofNullable(idByHandle.get(sha256(handle)))
                .map(byId::get)
                .orElse(null);
        if (found == null
                || found.isOver(now)
                || !MessageDigest.isEqual(ascii(found.keySha256()), ascii(sha256(key)))) {
            return Optional.empty();
        }
        Login used = found.used(address, now);
        byId.put(used.id(), used);
        unsaved.put(used.id(), used);
        return Optional.of(used);
    }

    /** The one used last first; those that are over are not there. */
    List<Login> list(Instant now) {
        return byId.values().stream()
                .filter(login -> login.used() && !login.isOver(now))
                .sorted(Comparator.comparing(Login::lastUsedAt).reversed())
                .toList();
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    /** Those whose time is over, and those too many for one more. */
    List<String> toEnd(Instant now) {
        List<String> over = new ArrayList<>(byId.values().stream()
                .filter(login -> login.isOver(now))
                .map(Login::id)
                .toList());
        int many = byId.size() - over.size() - (MOST - 1);
        if (many > 0) {
            byId.values().stream()
                    .filter(login -> !login.isOver(now))
                    .sorted(Comparator.<Login, Boolean>comparing(login -> login.used())
                            .thenComparing(Login::lastUsedAt))
                    .limit(many)
                    .map(Login::id)
                    .forEach(over::add);
        }
        return over;
    }

    void remove(String id) {
        unsaved.remove(id);
        Optional.ofNullable(byId.remove(id)).ifPresent(login -> idByHandle.remove(login.handleSha256()));
    }

    /** Those used since they were last written. */
    List<Login> unsaved() {
        List<Login> all = List.copyOf(unsaved.values());
        unsaved.clear();
        return all;
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String half() {
        return RandomBytes.text(HALF_BYTES);
    }

    /** What a browser says of itself is shown to people, and PostgreSQL takes no zero and no half of a pair. */
    private static String printable(String text) {
        return text.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .filter(c -> Character.getType(c) != Character.FORMAT)
                .limit(MOST_CLIENT / 2)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
