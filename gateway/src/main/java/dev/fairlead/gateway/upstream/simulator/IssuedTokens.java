package dev.fairlead.gateway.upstream.simulator;

import dev.fairlead.gateway.time.TimeSource;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tokens of one kind, each good for so long. Used on the simulator's event loop only. */
final class IssuedTokens {
    /** More than any client needs in a life; the oldest go first. */
    private static final int KEPT = 10_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final TimeSource time;
    private final Duration life;
    private final Map<String, Long> issuedAt = new LinkedHashMap<>();
    private final List<String> all = new CopyOnWriteArrayList<>();

    IssuedTokens(TimeSource time, Duration life) {
        this.time = time;
        this.life = life;
    }

    Duration life() {
        return life;
    }

    String issue() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issuedAt.put(token, time.nanos());
        if (all.size() < KEPT) {
            all.add(token);
        }
        if (issuedAt.size() > KEPT) {
            issuedAt.remove(issuedAt.keySet().iterator().next());
        }
        return token;
    }

    /** All that were ever issued, up to a bound; from any thread. */
    List<String> all() {
        return List.copyOf(all);
    }

    boolean isValid(String token) {
        Long at = issuedAt.get(token);
        return at != null && time.nanos() - at < life.toNanos();
    }

    void revoke(String token) {
        issuedAt.remove(token);
    }
}
