package dev.fairlead.gateway.agents;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What is kept of an agent's permanent token.
 *
 * @param sha256 of its text, hexadecimal
 * @param proven whether its agent has registered with it
 * @param validUntil of one that was rotated away
 */
record PermanentToken(
        String jti, String agentName, Instant issuedAt, String sha256, boolean proven, Optional<Instant> validUntil) {
    /** Compares in constant time. */
    boolean isOf(String text) {
        return MessageDigest.isEqual(
                sha256.getBytes(StandardCharsets.US_ASCII), sha256(text).getBytes(StandardCharsets.US_ASCII));
    }

    static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
