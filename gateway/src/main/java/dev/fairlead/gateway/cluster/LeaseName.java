package dev.fairlead.gateway.cluster;

import dev.fairlead.protocol.Names;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What can be owned: a shard of the messages, the upstream, the janitor's work, and a node's own name, which says that
 * it is there.
 *
 * @param text as it stands in the table of leases
 */
public record LeaseName(String text) implements Comparable<LeaseName> {
    /**
     * Shards of the messages. A message belongs to its recipient's; the number never changes while messages are kept.
     */
    public static final int SHARDS = 64;

    /** Token, market feed and orders: one node runs all three. */
    public static final LeaseName UPSTREAM = new LeaseName("upstream");

    /** Pruning, and what nobody else sees to. */
    public static final LeaseName JANITOR = new LeaseName("janitor");

    private static final String SHARD = "shard-";
    private static final String NODE = "node/";

    /**
     * The lease of a shard of the messages.
     *
     * @param number from 0 to {@link #SHARDS} - 1
     */
    public static LeaseName shard(int number) {
        if (number < 0 || number >= SHARDS) {
            throw new IllegalArgumentException("There is no shard " + number + " of " + SHARDS);
        }
        return new LeaseName(String.format(Locale.ROOT, "%s%02d", SHARD, number));
    }

    /**
     * The shard of a recipient's messages. {@link String#hashCode} is the same on every Java, for ever; names that
     * differ in a digit at the end are near each other by it, and are spread by the last step of MurmurHash3.
     */
    public static int shardOf(String recipient) {
        int hash = recipient.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return (hash ^ (hash >>> 16)) & (SHARDS - 1);
    }

    /** A node's own: as long as it holds this, it is there. */
    public static LeaseName node(String node) {
        return new LeaseName(NODE + Names.require("Node name", node));
    }

    /** All that some node of a fleet always acts for, in order. */
    public static Stream<LeaseName> all() {
        return Stream.concat(Stream.of(JANITOR), Stream.concat(shards(), Stream.of(UPSTREAM)));
    }

    static Stream<LeaseName> shards() {
        return IntStream.range(0, SHARDS).mapToObj(LeaseName::shard);
    }

    boolean isShard() {
        return text.startsWith(SHARD);
    }

    /** The number of a shard of the messages; empty where it is something else. */
    public OptionalInt shard() {
        return isShard() ? OptionalInt.of(Integer.parseInt(text.substring(SHARD.length()))) : OptionalInt.empty();
    }

    boolean isNode() {
        return text.startsWith(NODE);
    }

    /** Of a node's own lease. */
    String node() {
        return text.substring(NODE.length());
    }

    @Override
    public int compareTo(LeaseName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
