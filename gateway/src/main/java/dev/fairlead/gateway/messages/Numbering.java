package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Numbers of messages, of what happens to them, of journal rows and of blocks. A gateway alone counts. Among others
 * each shard has the numbers that leave its own remainder by {@link LeaseName#SHARDS}, so that no two nodes ever give
 * the same one; they follow the microseconds of ledger time, so that those of several shards are about in the order of
 * acceptance, and stay below 2^53, which every JSON reader knows exactly, until the year 2255.
 */
final class Numbering {
    private static final long SHARDS = LeaseName.SHARDS;

    private final OptionalInt shard;
    private final TimeSource time;

    private Numbering(OptionalInt shard, TimeSource time) {
        this.shard = shard;
        this.time = time;
    }

    /** Of a gateway alone. */
    static Numbering alone(TimeSource time) {
        return new Numbering(OptionalInt.empty(), time);
    }

    /**
     * Of a shard.
     *
     * @param time ledger time
     */
    static Numbering of(int shard, TimeSource time) {
        return new Numbering(OptionalInt.of(shard), time);
    }

    /** The shard that a journal row or a block belongs to, by its number; where all were written by shards. */
    static int shardOf(long number) {
        return Math.floorMod(number, LeaseName.SHARDS);
    }

    /** The shard it is of; empty where one gateway has them all. */
    OptionalInt shard() {
        return shard;
    }

    boolean isShared() {
        return shard.isPresent();
    }

    /** The next number after the last one. */
    long after(long last) {
        return shard.isEmpty() ? last + 1 : ofShard(Math.max(last + 1, micros(time.instant())), shard.getAsInt());
    }

    /** The first number of a shard that is not below another. */
    static long ofShard(long least, int shard) {
        return least + Math.floorMod(shard - least, SHARDS);
    }

    private static long micros(Instant at) {
        return TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(at.getNano());
    }
}
