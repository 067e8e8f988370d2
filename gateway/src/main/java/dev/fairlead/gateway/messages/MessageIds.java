package dev.fairlead.gateway.messages;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** UUIDs of version 7 (RFC 9562): they sort by time, so that an index on them grows at its end. */
final class MessageIds {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

    private final RandomGenerator random;

    MessageIds(RandomGenerator random) {
        this.random = random;
    }

    UUID next(Instant now) {
        long high = (now.toEpochMilli() << 16) | VERSION | (random.nextInt() & 0xfff);
        return new UUID(high, (random.nextLong() & VARIANT_MASK) | VARIANT);
    }
}
