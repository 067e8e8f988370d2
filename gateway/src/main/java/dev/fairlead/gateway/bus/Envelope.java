package dev.fairlead.gateway.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What one node writes to another, around a record.
 *
 * <p>Wire form: version (1), kind (1), epoch (8), towards (8), sequence (8), sent (8), patience (8), ticket (8), sender
 * (2 + n), address (2 + n), body (the rest); its {@link EnvelopeSeal} behind it. Numbers are big-endian.
 *
 * @param sender the node that wrote it
 * @param epoch of the sender's life; rises from one to the next
 * @param towards the epoch of the life of the receiver that it is for: the next one has not seen which came before
 * @param sequence of what the sender wrote to this node in that life, from 1, without gaps
 * @param sent nanoseconds of the sender's monotonic clock
 * @param patience of a request: milliseconds from then, after which it is not begun any more
 * @param ticket what the asker knows a request by
 * @param address the local address of an event or a request; empty for the others
 * @param body as the codec of its kind writes it
 */
record Envelope(
        Kind kind,
        String sender,
        long epoch,
        long towards,
        long sequence,
        long sent,
        long patience,
        long ticket,
        String address,
        Buffer body) {
    /** The version of this form, and of the address that takes it. */
    static final int VERSION = 1;

    /** What an envelope is, with its number on the wire. */
    enum Kind {
        /** That the sender is there. */
        PULSE(0),
        EVENT(1),
        REQUEST(2),
        /** That a request is being worked on. */
        UNDER_WAY(3),
        ANSWER(4),
        REFUSAL(5);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        private static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("No kind of envelope: " + number);
        }
    }

    /** An envelope for a peer, before it has its place among the others. */
    record Draft(Kind kind, long patience, long ticket, String address, Buffer body) {
        static final Draft PULSE = new Draft(Kind.PULSE, 0, 0, "", Buffer.buffer());

        Buffer encode(String sender, long epoch, long towards, long sequence, long sent) {
            Buffer wire = Buffer.buffer(64 + EnvelopeSeal.BYTES + sender.length() + address.length() + body.length())
                    .appendByte((byte) VERSION)
                    .appendByte((byte) kind.number)
                    .appendLong(epoch)
                    .appendLong(towards)
                    .appendLong(sequence)
                    .appendLong(sent)
                    .appendLong(patience)
                    .appendLong(ticket);
            text(wire, sender);
            text(wire, address);
            return wire.appendBuffer(body);
        }

        private static void text(Buffer wire, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            wire.appendUnsignedShort(bytes.length).appendBytes(bytes);
        }
    }

    /**
     * Reads the wire form.
     *
     * @throws IllegalArgumentException if it is of another version
     * @throws IndexOutOfBoundsException if it is cut short
     */
    static Envelope decode(Buffer wire) {
        if (wire.getByte(0) != VERSION) {
            throw new IllegalArgumentException("An envelope of version " + wire.getByte(0));
        }
        int at = 2 + 6 * Long.BYTES;
        String sender = text(wire, at);
        at += Short.BYTES + wire.getUnsignedShort(at);
        String address = text(wire, at);
        at += Short.BYTES + wire.getUnsignedShort(at);
        return new Envelope(
                Kind.of(wire.getUnsignedByte(1)),
                sender,
                wire.getLong(2),
                wire.getLong(2 + Long.BYTES),
                wire.getLong(2 + 2 * Long.BYTES),
                wire.getLong(2 + 3 * Long.BYTES),
                wire.getLong(2 + 4 * Long.BYTES),
                wire.getLong(2 + 5 * Long.BYTES),
                address,
                wire.slice(at, wire.length()));
    }

    private static String text(Buffer wire, int at) {
        int from = at + Short.BYTES;
        return wire.getString(from, from + wire.getUnsignedShort(at));
    }
}
