package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import java.time.Instant;
import java.util.Optional;

/**
 * What stands before the entries of a journal row: whose they are, and under which right they were written.
 *
 * @param shard of the recipients; empty where it holds messages to anybody, as all rows of a gateway alone do, whose
 *     one numbering is that of every shard
 * @param fence of the shard's owner then, 0 for a gateway alone
 * @param sequence of the first entry, in the numbering of the shard; that of the last is the row's key
 * @param time when the group was decided, in ledger time
 * @param concern to which the entries mean something
 * @param traceparent of what it came of, as W3C has it
 */
record JournalHead(
        Optional<Integer> shard,
        long fence,
        long sequence,
        Instant time,
        String concern,
        Optional<String> traceparent) {
    private static final String CONCERN = "messages";

    /** Of messages to anybody. */
    static JournalHead alone(long sequence, Instant time) {
        return new JournalHead(Optional.empty(), 0, sequence, time, CONCERN, Optional.empty());
    }

    /** Of messages to the recipients of a shard. */
    static JournalHead of(int shard, long fence, long sequence, Instant time) {
        return new JournalHead(Optional.of(shard), fence, sequence, time, CONCERN, Optional.empty());
    }

    void write(ByteWriter out) {
        out.octet(shard.map(number -> number + 1).orElse(0))
                .number(fence)
                .number(sequence)
                .instant(time)
                .text(concern)
                .optionalText(traceparent);
    }

    /**
     * Takes it from where it was written.
     *
     * @throws IllegalStateException if it is of no such shard, or of another concern
     */
    static JournalHead read(ByteReader in) {
        int shard = in.octet() - 1;
        if (shard >= LeaseName.SHARDS) {
            throw new IllegalStateException("A journal row is of shard " + shard + " of " + LeaseName.SHARDS);
        }
        JournalHead head = new JournalHead(
                shard < 0 ? Optional.empty() : Optional.of(shard),
                in.number(),
                in.number(),
                in.instant(),
                in.text(),
                in.optionalText());
        if (!head.concern().equals(CONCERN)) {
            throw new IllegalStateException("A row of the messages' journal is of the concern " + head.concern());
        }
        return head;
    }
}
