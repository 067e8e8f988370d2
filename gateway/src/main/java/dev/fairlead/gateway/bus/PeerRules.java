package dev.fairlead.gateway.bus;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What this node makes of the envelopes of others: whose life they are of, what is missing between them, and how long
 * they were on the way. Clocks of two nodes have nothing in common; the envelope that was quickest so far, with room
 * for the clocks to drift, is the measure for all others. Plain state, confined to one thread.
 */
final class PeerRules {
    /** Nanoseconds in which two monotonic clocks part by one: far more than those of quartzes that nobody corrects. */
    private static final long DRIFT = 2_000;

    /** What one envelope is found to be. */
    sealed interface Verdict {}

    /**
     * It is heard.
     *
     * @param begins whether the sender's life was not known before
     * @param missed how many before it never came
     * @param delay beyond that of the quickest
     */
    record Heard(boolean begins, long missed, Duration delay) implements Verdict {}

    /** It is dropped. */
    enum Refused implements Verdict {
        /** No node of this fleet wrote it, or not so, or not to this one. */
        FORGED,
        /** It came before, or others that were written later did. */
        REPLAYED,
        /** Of an earlier life of the sender, or for an earlier one of this node. */
        OUTDATED
    }

    private static final class Peer {
        final long epoch;
        long sequence;
        long heardAt;
        /** Nanoseconds between the clocks, by the quickest envelope, and when that came. */
        long quickest;

        long quickestAt;

        Peer(long epoch, long sequence, long onTheWay, long now) {
            this.epoch = epoch;
            this.sequence = sequence;
            this.heardAt = now;
            this.quickest = onTheWay;
            this.quickestAt = now;
        }

        /** Nanoseconds beyond the quickest. */
        long delay(long onTheWay, long now) {
            long measure = quickest + (now - quickestAt) / DRIFT;
            if (onTheWay <= measure) {
                quickest = onTheWay;
                quickestAt = now;
                return 0;
            }
            return onTheWay - measure;
        }
    }

    private final long life;
    private final Map<String, Peer> peers = new HashMap<>();

    /** @param life of this node, as this process began it */
    PeerRules(long life) {
        this.life = life;
    }

    /**
     * Judges an envelope that has come, and that a node of the fleet wrote.
     *
     * @param towards the life of this node that it is for
     * @param now nanoseconds of this node's monotonic clock
     */
    Verdict judge(String sender, long epoch, long towards, long sequence, long sent, long now) {
        // A node whose lease ran out while it stood still is given a later life in the table, and is the same process:
        // the next process begins behind all of those.
        if (towards < life) {
            return Refused.OUTDATED;
        }
        Peer peer = peers.get(sender);
        if (peer == null || epoch > peer.epoch) {
            peers.put(sender, new Peer(epoch, sequence, now - sent, now));
            return new Heard(true, 0, Duration.ZERO);
        }
        if (epoch < peer.epoch) {
            return Refused.OUTDATED;
        }
        if (sequence <= peer.sequence) {
            return Refused.REPLAYED;
        }
        long missed = sequence - peer.sequence - 1;
        peer.sequence = sequence;
        peer.heardAt = now;
        return new Heard(false, missed, Duration.ofNanos(peer.delay(now - sent, now)));
    }

    /** The life of a node that was heard last; empty for one that never was. */
    OptionalLong life(String node) {
        Peer peer = peers.get(node);
        return peer == null ? OptionalLong.empty() : OptionalLong.of(peer.epoch);
    }

    /** When a node was last heard, by this node's monotonic clock; empty for one that never was. */
    OptionalLong heardAt(String node) {
        Peer peer = peers.get(node);
        return peer == null ? OptionalLong.empty() : OptionalLong.of(peer.heardAt);
    }
}
