package dev.fairlead.gateway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One WebSocket of a {@link LoadLoop}. */
final class LoadConnection {
    /** What becomes of a connection. */
    interface Listener {
        /** The upgrade is through. */
        default void opened(LoadConnection connection) {}

        /** A text frame; {@code payload} is good until this returns. */
        void text(LoadConnection connection, ByteBuffer payload);

        /**
         * The connection is gone.
         *
         * @param why the answer's status line, or what ended the connection
         */
        default void ended(LoadConnection connection, String why) {
            throw new IllegalStateException("A connection of the load ended: " + why);
        }
    }

    private static final int OPCODE_TEXT = 1;
    private static final int OPCODE_BINARY = 2;
    private static final int OPCODE_CLOSE = 8;
    private static final int OPCODE_PING = 9;
    private static final byte[] PONG = MaskedFrames.pong();
    private static final byte[] NOTHING = {};

    private final LoadLoop loop;
    private final SocketChannel channel;
    private final String request;
    private final Listener listener;
    private SelectionKey key; // null until registered
    private byte[] rest = NOTHING; // an incomplete frame
    private ByteBuffer unsent; // null: everything was taken
    private boolean open;
    private boolean ended;
    /** For the work that uses this connection: when its request left, nanoseconds of the monotonic clock. */
    long sentAt;
    /** For the work that uses this connection: its number there. */
    int attachment;

    LoadConnection(LoadLoop loop, SocketChannel channel, String request, Listener listener) {
        this.loop = loop;
        this.channel = channel;
        this.request = request;
        this.listener = listener;
    }

    void registered(SelectionKey with) {
        this.key = with;
    }

    boolean isOpen() {
        return open;
    }

    void connected() throws IOException {
        if (channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** Sends a frame that is masked already; within a turn of reading, together with others for this connection. */
    void send(byte[] frame) {
        if (!loop.collect(this, frame)) {
            try {
                write(ByteBuffer.wrap(frame));
            } catch (IOException e) {
                end(e.toString());
            }
        }
    }

    void writable() throws IOException {
        ByteBuffer waiting = unsent;
        unsent = null;
        key.interestOps(SelectionKey.OP_READ);
        if (waiting != null) {
            write(waiting);
        }
    }

    void write(ByteBuffer bytes) throws IOException {
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

    /** Reads what is there, through the loop's shared buffer. */
    void readable(ByteBuffer buffer) throws IOException {
        buffer.clear().put(rest);
        rest = NOTHING;
        if (channel.read(buffer) < 0) {
            end("closed by the server");
            return;
        }
        buffer.flip();
        if (open || upgraded(buffer)) {
            frames(buffer);
        }
        if (buffer.hasRemaining() && !ended) {
            rest = new byte[buffer.remaining()];
            buffer.get(rest);
        }
    }

    void close() {
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

    private boolean upgraded(ByteBuffer buffer) {
        String head = StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString();
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!head.startsWith("HTTP/1.1 101 ")) {
            end(head.lines().findFirst().orElse(""));
            return false;
        }
        buffer.position(buffer.position() + end + 4);
        open = true;
        listener.opened(this);
        return true;
    }

    private void frames(ByteBuffer buffer) {
        int limit = buffer.limit();
        while (!ended && buffer.remaining() >= 2) {
            int start = buffer.position();
            int length = buffer.get(start + 1) & 0x7F;
            int header = length < 126 ? 2 : length == 126 ? 4 : 10;
            if (buffer.remaining() < header) {
                return;
            }
            if (length == 126) {
                length = buffer.getShort(start + 2) & 0xFFFF;
            } else if (length == 127) {
                length = Math.toIntExact(buffer.getLong(start + 2));
            }
            int end = start + header + length;
            if (end > limit) {
                loop.room(header + length);
                return;
            }
            buffer.position(start + header).limit(end);
            frame(buffer.get(start) & 0x0F, buffer);
            buffer.limit(limit).position(end);
        }
    }

    private void frame(int opcode, ByteBuffer payload) {
        if (opcode == OPCODE_TEXT || opcode == OPCODE_BINARY) {
            listener.text(this, payload);
        } else if (opcode == OPCODE_PING) {
            send(PONG);
        } else if (opcode == OPCODE_CLOSE) {
            byte[] reason = new byte[payload.remaining()];
            payload.get(reason);
            int code = reason.length < 2 ? 1005 : ((reason[0] & 0xFF) << 8) | (reason[1] & 0xFF);
            end("close " + code + " "
                    + new String(
                            Arrays.copyOfRange(reason, Math.min(2, reason.length), reason.length),
                            StandardCharsets.UTF_8));
        }
    }

    void end(String why) {
        if (!ended) {
            close();
            open = false;
            listener.ended(this, why);
        }
    }
}
