package dev.fairlead.gateway.auth;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signing key as a database may hold it: AES-256-GCM under the Argon2id hash of the admin password. Whoever reads the
 * database has to guess the password.
 *
 * @param salt of the hash, in hexadecimal
 * @param sealed nonce (12 bytes), what is encrypted, tag (16 bytes), in hexadecimal
 */
public record SealedKey(String salt, String sealed) {
    // The most memory of what the OWASP password storage cheat sheet recommends for Argon2id: 46 MiB, 1 pass, 1 lane.
    private static final int MEMORY_KIB = 47_104;
    private static final int PASSES = 1;
    private static final int LANES = 1;
    private static final int KEY_BYTES = 32;

    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    @Override
    public String toString() {
        return "SealedKey[********]";
    }

    /** Seals a key; not for an event loop. */
    public static SealedKey seal(SigningKey key, String password) {
        byte[] salt = RandomBytes.of(SALT_BYTES);
        byte[] nonce = RandomBytes.of(NONCE_BYTES);
        byte[] encrypted;
        try {
            encrypted = cipher(Cipher.ENCRYPT_MODE, password, salt, nonce)
                    .doFinal(key.reveal().getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has AES-GCM", e);
        }
        byte[] sealed = Arrays.copyOf(nonce, nonce.length + encrypted.length);
        System.arraycopy(encrypted, 0, sealed, nonce.length, encrypted.length);
        HexFormat hex = HexFormat.of();
        return new SealedKey(hex.formatHex(salt), hex.formatHex(sealed));
    }

    /** The key; empty where it was sealed with another password, or changed since. Not for an event loop. */
    public Optional<SigningKey> open(String password) {
        HexFormat hex = HexFormat.of();
        byte[] bytes = hex.parseHex(sealed);
        byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
        try {
            byte[] key = cipher(Cipher.DECRYPT_MODE, password, hex.parseHex(salt), nonce)
                    .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return Optional.of(SigningKey.parse(new String(key, StandardCharsets.US_ASCII)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, String password, byte[] salt, byte[] nonce) throws GeneralSecurityException {
        byte[] key = Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, KEY_BYTES, Argon2.ID)
                .hash(password.getBytes(StandardCharsets.UTF_8), salt)
                .getBytes();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
