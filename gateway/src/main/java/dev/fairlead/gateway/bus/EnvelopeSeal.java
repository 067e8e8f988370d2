package dev.fairlead.gateway.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells what nodes of the fleet write from what anybody else who reaches the port does: HMAC-SHA-256 over the name of
 * the node it is for and all of the envelope, the first 16 bytes of it behind that. Hides nothing. Confined to one
 * thread.
 */
final class EnvelopeSeal {
    /** Half of the hash, the least that RFC 2104 (5) lets one keep. */
    static final int BYTES = 16;

    private static final String HMAC = "HmacSHA256";

    private final Mac mac;

    /** @param key that all nodes of the fleet have and nobody else does */
    EnvelopeSeal(byte[] key) {
        try {
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + HMAC, e);
        }
    }

    /** The envelope with its seal behind it; the buffer is the same. */
    Buffer seal(String receiver, Buffer envelope) {
        return envelope.appendBytes(tag(receiver, envelope.getBytes()));
    }

    /** The envelope without its seal; empty where that is not of the fleet, for that receiver, and of every byte. */
    Optional<Buffer> open(String receiver, Buffer sealed) {
        int end = sealed.length() - BYTES;
        if (end < 0) {
            return Optional.empty();
        }
        byte[] tag = tag(receiver, sealed.getBytes(0, end));
        return MessageDigest.isEqual(tag, sealed.getBytes(end, sealed.length()))
                ? Optional.of(sealed.slice(0, end))
                : Optional.empty();
    }

    private byte[] tag(String receiver, byte[] envelope) {
        byte[] name = receiver.getBytes(StandardCharsets.UTF_8);
        mac.update((byte) name.length); // names have 63 letters at most
        mac.update(name);
        return Arrays.copyOf(mac.doFinal(envelope), BYTES);
    }
}
