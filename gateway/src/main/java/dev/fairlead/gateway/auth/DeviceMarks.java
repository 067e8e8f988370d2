package dev.fairlead.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Marks that browsers and command lines get when they are let in, and show with their next login: a try at the password
 * with one counts for its bearer alone, so that the wrong tries of others do not keep it out. A mark opens nothing.
 * Signed, so that nobody makes them up and nothing of them is kept. Thread-safe.
 */
public final class DeviceMarks {
    /** No token can begin like this: the first part of one is the Base64 of a JSON object. */
    private static final String PURPOSE = "device.";

    private final SigningKey key;

    public DeviceMarks(SigningKey key) {
        this.key = key;
    }

    /** A new mark. */
    public String make() {
        String id = UUID.randomUUID().toString();
        byte[] signature = key.sign(signed(id));
        return id + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    /** Whom a mark is of; empty where it is none of ours. */
    public Optional<String> deviceOf(String mark) {
        int dot = mark.indexOf('.');
        if (dot <= 0 || mark.length() > 128) {
            return Optional.empty();
        }
        String id = mark.substring(0, dot);
        try {
            byte[] signature = Base64.getUrlDecoder().decode(mark.substring(dot + 1));
            return key.verify(signature, signed(id)) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] signed(String id) {
        return (PURPOSE + id).getBytes(StandardCharsets.UTF_8);
    }
}
