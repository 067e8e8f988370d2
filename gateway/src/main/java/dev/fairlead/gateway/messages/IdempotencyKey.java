package dev.fairlead.gateway.messages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/** What makes a repeated send known: the sender and the key it gave, as one text of fixed length. */
final class IdempotencyKey {
    /** How long a key stands for its message. */
    static final Duration LIFE = Duration.ofHours(24);

    private IdempotencyKey() {}

    /** SHA-256 in base64url, 43 characters. */
    static String digest(String sender, String key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(sender.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0); // no name holds it: the pair cannot be split another way
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
