package dev.fairlead.gateway.auth;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.impl.jose.JWK;
import io.vertx.ext.auth.impl.jose.JWS;
import java.util.Base64;

/**
 * The key that signs every token with HMAC-SHA-256: 256 bits at least, as RFC 7518 (3.2) asks. Whoever holds it can be
 * anyone, so it shows nowhere. Thread-safe.
 *
 * <p>The one class that uses what vertx-auth-jwt has for itself: its public side signs no text but its own, in which
 * the same claims need not be the same token, and answers a future where a verdict takes microseconds. A test holds all
 * others off it.
 */
public final class SigningKey {
    /** 256 bits. */
    public static final int MIN_BYTES = 32;

    /** Half the algorithm's block more than it asks; costs nothing. */
    private static final int GENERATED_BYTES = 48;

    private final byte[] secret;
    private final JWS signatures;

    private SigningKey(byte[] secret) {
        this.secret = secret;
        this.signatures =
                new JWS(new JWK(new PubSecKeyOptions().setAlgorithm(JWS.HS256).setBuffer(Buffer.buffer(secret))));
    }

    /**
     * Takes raw bytes for a key.
     *
     * @throws IllegalArgumentException that says the remedy, where there are fewer than {@value #MIN_BYTES}
     */
    public static SigningKey of(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("The signing key has " + secret.length * 8
                    + " bits, 256 are the least: make one with `openssl rand -base64 48`");
        }
        return new SigningKey(secret.clone());
    }

    /**
     * Reads a key as settings hold it: Base64, either alphabet, padded or not.
     *
     * @throws IllegalArgumentException that says the remedy but not the text, where it is not Base64 or too short
     */
    public static SigningKey parse(String base64) {
        String text = base64.strip().replace('+', '-').replace('/', '_');
        try {
            return of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).startsWith("The signing key")) {
                throw e;
            }
            // The decoder's own message may quote a character of the key.
            throw new IllegalArgumentException(
                    "The signing key is not Base64: make one with `openssl rand -base64 48`");
        }
    }

    /** A new random key. */
    public static SigningKey generate() {
        return new SigningKey(RandomBytes.of(GENERATED_BYTES));
    }

    /** The key as {@link #parse} reads it, to be kept where only the gateway can read. */
    public String reveal() {
        return Base64.getEncoder().encodeToString(secret);
    }

    /**
     * A key of 256 bits for something else than tokens: who learns it can do nothing that is another purpose's.
     *
     * @param purpose tells it from all others; never changes, as all nodes of a fleet derive the same
     */
    public byte[] derive(String purpose) {
        return Hkdf.derive(secret, purpose);
    }

    byte[] sign(byte[] content) {
        return signatures.sign(content);
    }

    /** Whether that is this key's signature of the content; compares in constant time. */
    boolean verify(byte[] signature, byte[] content) {
        return signatures.verify(signature, content);
    }

    @Override
    public String toString() {
        return "SigningKey[********]";
    }
}
