package dev.fairlead.gateway.auth;

import java.nio.charset.StandardCharsets;

/** Makes of one secret a key for each purpose, none of which tells of the others: HKDF with SHA-256, RFC 5869. */
final class Hkdf {
    private static final int HASH_BYTES = 32;

    private Hkdf() {}

    /** 32 bytes, without a salt: the secret is one already, not something that has to be made even. */
    static byte[] derive(byte[] secret, String purpose) {
        byte[] key = Hmac.of(Hmac.key(new byte[HASH_BYTES]), secret);
        byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] block = new byte[info.length + 1];
        System.arraycopy(info, 0, block, 0, info.length);
        block[info.length] = 1;
        return Hmac.of(Hmac.key(key), block);
    }
}
