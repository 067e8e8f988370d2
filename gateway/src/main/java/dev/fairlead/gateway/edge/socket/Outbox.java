package dev.fairlead.gateway.edge.socket;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * The bounded way out of one socket, the same for every kind of socket. What is offered in one turn of the event loop
 * leaves in one write; what the network does not take waits here, up to the bounds, and past them the owner decides.
 * Used on the socket's event loop only.
 */
public final class Outbox {
    /** What becomes of frames that are offered. */
    public enum Offer {
        /** They leave at the end of this turn, or as soon as the network takes them. */
        ACCEPTED,
        /** The bounds are reached: they were dropped. */
        FULL,
        /** The socket is closed: they were dropped. */
        CLOSED
    }

    private record Waiting(ByteBuf bytes, int frames) {}

    /** Frames of one turn are joined up to this size; larger ones are handed over as they are. */
    private static final int JOIN_BYTES = 64 * 1024;

    private final RawSocket socket;
    private final LoopFlusher flusher;
    private final int maxFrames;
    private final long maxBytes;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int waitingFrames;
    private long waitingBytes;
    private boolean stalled;
    private long stalledSince;
    private boolean closed;
    private Runnable onDrained = () -> {};
    boolean flushScheduled; // owned by LoopFlusher

    Outbox(RawSocket socket, LoopFlusher flusher, int maxFrames, long maxBytes) {
        this.socket = socket;
        this.flusher = flusher;
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
    }

    /** Called each time everything held has been handed to the network after a stall. */
    public void onDrained(Runnable handler) {
        this.onDrained = handler;
    }

    /**
     * Offers whole encoded frames and takes over the reference, whatever becomes of them.
     *
     * @param frames how many frames the bytes hold
     */
    public Offer offer(ByteBuf bytes, int frames) {
        if (closed) {
            bytes.release();
            return Offer.CLOSED;
        }
        int size = bytes.readableBytes();
        if (stalled && (waitingFrames + frames > maxFrames || waitingBytes + size > maxBytes)) {
            bytes.release();
            return Offer.FULL;
        }
        waiting.addLast(new Waiting(bytes, frames));
        waitingFrames += frames;
        waitingBytes += size;
        if (!stalled) {
            flusher.schedule(this);
        }
        return Offer.ACCEPTED;
    }

    /** Whether the network is behind and frames wait. */
    public boolean isStalled() {
        return stalled;
    }

    /** For how long the network has taken nothing, in nanoseconds; 0 while it takes. */
    public long stalledFor(long now) {
        return stalled ? now - stalledSince : 0;
    }

    /** Forgets what has not been handed to the network yet. */
    public void dropWaiting() {
        for (Waiting one : waiting) {
            one.bytes.release();
        }
        waiting.clear();
        waitingFrames = 0;
        waitingBytes = 0;
    }

    void close() {
        closed = true;
        dropWaiting();
    }

    /** Hands over what waits, as far as the network takes it. */
    void flush() {
        flushScheduled = false;
        if (closed || waiting.isEmpty()) {
            if (stalled && !closed && socket.writable()) {
                unstall();
            }
            return;
        }
        boolean wrote = false;
        while (!waiting.isEmpty() && socket.writable()) {
            socket.write(next());
            wrote = true;
        }
        if (wrote) {
            socket.flush();
        }
        if (waiting.isEmpty()) {
            if (stalled) {
                unstall();
            }
        } else if (!stalled || wrote) {
            stalled = true;
            stalledSince = flusher.now();
        }
    }

    private void unstall() {
        stalled = false;
        onDrained.run();
    }

    private ByteBuf next() {
        Waiting first = poll();
        int size = first.bytes.readableBytes();
        if (waiting.isEmpty() || size + waiting.peekFirst().bytes.readableBytes() > JOIN_BYTES) {
            return first.bytes;
        }
        ByteBuf joined = socket.allocator().directBuffer((int) Math.min(JOIN_BYTES, size + waitingBytes));
        append(joined, first.bytes);
        while (!waiting.isEmpty()
                && joined.readableBytes() + waiting.peekFirst().bytes.readableBytes() <= JOIN_BYTES) {
            append(joined, poll().bytes);
        }
        return joined;
    }

    private Waiting poll() {
        Waiting one = waiting.removeFirst();
        waitingFrames -= one.frames;
        waitingBytes -= one.bytes.readableBytes();
        return one;
    }

    private static void append(ByteBuf joined, ByteBuf part) {
        joined.writeBytes(part);
        part.release();
    }
}
