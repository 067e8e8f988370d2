package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * What of the journal a store keeps: all of it, or the rows of one shard.
 *
 * @param right under which it is written; empty where this gateway is alone
 * @param ledger that commits under it
 * @param blockDelay what ended waits so long at most until it is in a block
 */
record JournalPart(Numbering numbering, Optional<Fence> right, Ledger ledger, Duration blockDelay) {
    /** Of a gateway alone. */
    static final Duration BLOCK_DELAY = Duration.ofMinutes(5);

    /** A shard has but a 64th of the messages: blocks are to be about as full. */
    static final Duration SHARD_DELAY = Duration.ofHours(1);

    static JournalPart alone(Ledger ledger, TimeSource time) {
        return new JournalPart(Numbering.alone(time), Optional.empty(), ledger, BLOCK_DELAY);
    }

    static JournalPart of(int shard, Fence right, Ledger ledger, TimeSource time) {
        return new JournalPart(Numbering.of(shard, time), Optional.of(right), ledger, SHARD_DELAY);
    }

    boolean isShared() {
        return numbering.isShared();
    }
}
