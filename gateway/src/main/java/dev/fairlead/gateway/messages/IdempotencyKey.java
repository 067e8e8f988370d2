package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * What makes a repeated send known: who sent it, to whom, and under which key; and what it said, as the same key stands
 * for one message alone.
 *
 * <p>Written form: SHA-256 of sender and key in base64url (43 characters), then the first 64 bits of that of the
 * recipient (11), then the content (11). Builds before this one wrote the first part alone; such keys stand for their
 * messages whatever the recipient and the content.
 *
 * @param identity the first two parts, or the first alone
 * @param content a hash of type and payload; {@link #UNKNOWN} where none was written
 */
record IdempotencyKey(String identity, long content) {
    /** How long a key stands for its message. */
    static final Duration LIFE = Duration.ofHours(24);

    private static final long UNKNOWN = 0;
    private static final int SENDER_CHARACTERS = 43;
    private static final int WORD_CHARACTERS = 11;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** Of a message that is to be sent. */
    static IdempotencyKey of(String sender, String recipient, String key, String type, RawJson payload) {
        MessageDigest sha256 = sha256();
        sha256.update(sender.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0); // no name holds it: the pair cannot be split another way
        String first = ENCODER.encodeToString(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
        byte[] to = sha256.digest(recipient.getBytes(StandardCharsets.UTF_8));
        long content = ContentHash.of(type, payload);
        return new IdempotencyKey(
                first + ENCODER.encodeToString(Arrays.copyOf(to, Long.BYTES)), content == UNKNOWN ? 1 : content);
    }

    /** What {@link #text} gave, or a build before this one. */
    static IdempotencyKey parse(String text) {
        int end = SENDER_CHARACTERS + WORD_CHARACTERS;
        if (text.length() <= end) {
            return new IdempotencyKey(text, UNKNOWN);
        }
        byte[] content = Base64.getUrlDecoder().decode(text.substring(end));
        return new IdempotencyKey(
                text.substring(0, end), ByteBuffer.wrap(content).getLong());
    }

    String text() {
        return content == UNKNOWN
                ? identity
                : identity
                        + ENCODER.encodeToString(
                                ByteBuffer.allocate(Long.BYTES).putLong(content).array());
    }

    /** How a build before this one wrote it, where that is another. */
    Optional<String> earlierIdentity() {
        return identity.length() > SENDER_CHARACTERS
                ? Optional.of(identity.substring(0, SENDER_CHARACTERS))
                : Optional.empty();
    }

    /** Whether the same key was given to two messages that do not say the same. */
    boolean contradicts(long other) {
        return content != UNKNOWN && other != UNKNOWN && content != other;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
