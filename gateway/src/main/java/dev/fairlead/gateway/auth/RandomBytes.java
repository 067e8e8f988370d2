package dev.fairlead.gateway.auth;

import java.security.SecureRandom;
import java.util.Base64;

/** What nobody can guess: keys, salts, nonces, passwords. Thread-safe. */
public final class RandomBytes {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomBytes() {}

    /** That many new ones. */
    public static byte[] of(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** That many new ones as text that stands in URLs and file names: base64url without padding. */
    public static String text(int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(of(length));
    }
}
