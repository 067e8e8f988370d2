package dev.fairlead.gateway.instances;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Optional;

/**
 * How an instance's port is checked, besides that its process lives.
 *
 * @param type {@code tcp}: connecting is enough; {@code http}: a GET answered with a status below 400; {@code none} in
 *     what is wanted: no check
 * @param path of the GET; {@code /} where absent
 * @param timeoutMs of one check in milliseconds; 2000 where absent
 */
public record HealthProbe(String type, Optional<String> path, Optional<Integer> timeoutMs) {
    static final int DEFAULT_TIMEOUT_MS = 2_000;

    /** Connecting is enough. */
    static final HealthProbe TCP = new HealthProbe("tcp", Optional.empty(), Optional.empty());

    private static final int MAX_TIMEOUT_MS = 60_000;
    private static final int MAX_PATH = 1_000;

    static HealthProbe get(String path) {
        return new HealthProbe("http", Optional.of(path), Optional.empty());
    }

    boolean isNone() {
        return "none".equals(type);
    }

    boolean http() {
        return "http".equals(type);
    }

    String pathOrRoot() {
        return path.orElse("/");
    }

    int timeout() {
        return timeoutMs.orElse(DEFAULT_TIMEOUT_MS);
    }

    /** Refuses with {@code bad_request} what cannot be checked. */
    HealthProbe required() {
        if (!type.equals("tcp") && !type.equals("http")) {
            throw refused("Field 'health.type' is tcp, http or none");
        }
        if (path.isPresent() && (!http() || !isPath(path.get()))) {
            throw refused("Field 'health.path' begins with '/', has no space or control character, and goes with http");
        }
        if (timeout() < 1 || timeout() > MAX_TIMEOUT_MS) {
            throw refused("Field 'health.timeout_ms' is from 1 to " + MAX_TIMEOUT_MS);
        }
        return this;
    }

    static boolean isPath(String text) {
        return text.startsWith("/") && text.length() <= MAX_PATH && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
