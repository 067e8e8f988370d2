package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Takes from bytes what {@link ByteWriter} put there; throws where they end too soon. */
final class ByteReader {
    private static final int LOW_BITS = 0x7f;
    private static final int OCTET = 0xff;

    private final byte[] bytes;
    private int at;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int octet() {
        require(1);
        return bytes[at++] & OCTET;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (long) (octet & LOW_BITS) << shift;
            if (octet <= LOW_BITS) {
                return value;
            }
        }
        throw new IllegalStateException("A number at byte " + at + " does not end");
    }

    int count() {
        return Math.toIntExact(number());
    }

    long fixed() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | octet();
        }
        return value;
    }

    UUID id() {
        return new UUID(fixed(), fixed());
    }

    Instant instant() {
        return Instant.EPOCH.plus(number(), ChronoUnit.MICROS);
    }

    byte[] bytes() {
        int length = count();
        require(length);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    RawJson json() {
        return RawJson.of(bytes());
    }

    void skip() {
        int length = count();
        require(length);
        at += length;
    }

    String text() {
        int length = count();
        require(length);
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    Optional<String> optionalText() {
        return octet() == 0 ? Optional.empty() : Optional.of(text());
    }

    Optional<Instant> optionalInstant() {
        return octet() == 0 ? Optional.empty() : Optional.of(instant());
    }

    private void require(int more) {
        if (more < 0 || more > bytes.length - at) {
            throw new IllegalStateException("The bytes end at " + bytes.length + ", " + more + " more are wanted");
        }
    }
}
