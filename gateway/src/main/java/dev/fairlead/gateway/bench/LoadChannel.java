package dev.fairlead.gateway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One TCP connection of a {@link LoadLoop}: what it says of bytes, whatever protocol they are of. */
abstract class LoadChannel {
    private static final byte[] NOTHING = {};

    private final SocketChannel channel;
    private final byte[] greeting;
    private SelectionKey key; // null until registered
    private byte[] rest = NOTHING; // what is not whole yet
    private ByteBuffer unsent; // null: everything was taken
    private boolean ended;

    /** @param greeting what is sent as soon as it is connected */
    LoadChannel(SocketChannel channel, byte[] greeting) {
        this.channel = channel;
        this.greeting = greeting;
    }

    /** Takes what is whole from the buffer and leaves the rest in it; it comes again with what is read next. */
    abstract void received(ByteBuffer buffer);

    /** The connection is gone, and not by {@link #close}. */
    abstract void lost(String why);

    final void registered(SelectionKey with) {
        this.key = with;
    }

    final boolean hasEnded() {
        return ended;
    }

    final void connected() throws IOException {
        if (channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            write(ByteBuffer.wrap(greeting));
        }
    }

    final void writable() throws IOException {
        ByteBuffer waiting = unsent;
        unsent = null;
        key.interestOps(SelectionKey.OP_READ);
        if (waiting != null) {
            write(waiting);
        }
    }

    final void write(ByteBuffer bytes) throws IOException {
        if (unsent == null) {
            channel.write(bytes);
        }
        if (bytes.hasRemaining()) {
            ByteBuffer more = ByteBuffer.allocate((unsent == null ? 0 : unsent.remaining()) + bytes.remaining());
            if (unsent != null) {
                more.put(unsent);
            }
            unsent = more.put(bytes).flip();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** As {@link #write}; a connection that does not take it is gone. */
    final void writeOrEnd(ByteBuffer bytes) {
        try {
            write(bytes);
        } catch (IOException e) {
            end(e.toString());
        }
    }

    /** Reads what is there, through the loop's shared buffer. */
    final void readable(ByteBuffer buffer) throws IOException {
        buffer.clear().put(rest);
        rest = NOTHING;
        if (channel.read(buffer) < 0) {
            end("closed by the server");
            return;
        }
        received(buffer.flip());
        if (buffer.hasRemaining() && !ended) {
            rest = new byte[buffer.remaining()];
            buffer.get(rest);
        }
    }

    final void close() {
        ended = true;
        if (key != null) {
            key.cancel();
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    final void end(String why) {
        if (!ended) {
            close();
            lost(why);
        }
    }
}
