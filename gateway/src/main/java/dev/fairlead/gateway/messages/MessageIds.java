package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * UUIDs of version 7 (RFC 9562): they sort by time, so that an index on them grows at its end. The last six of their
 * random bits are the shard of the recipient, so that who has but an id knows whom to ask.
 */
final class MessageIds {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

    private final RandomGenerator random;

    MessageIds(RandomGenerator random) {
        this.random = random;
    }

    UUID next(Instant now, String recipient) {
        long high = (now.toEpochMilli() << 16) | VERSION | (random.nextInt() & 0xfff);
        long low = random.nextLong() & VARIANT_MASK & -LeaseName.SHARDS;
        return new UUID(high, low | VARIANT | LeaseName.shardOf(recipient));
    }

    /** The shard of the message's recipient; said by chance where an earlier version made the id. */
    static int shardOf(UUID id) {
        return (int) (id.getLeastSignificantBits() & (LeaseName.SHARDS - 1));
    }
}
