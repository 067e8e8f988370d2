package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One WebSocket of a {@link LoadLoop}. */
final class LoadConnection extends LoadChannel {
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

    private final LoadLoop loop;
    private final Listener listener;
    private boolean open;
    /** For the work that uses this connection: when its request left, nanoseconds of the monotonic clock. */
    long sentAt;
    /** For the work that uses this connection: its number there. */
    int attachment;

    LoadConnection(LoadLoop loop, SocketChannel channel, String request, Listener listener) {
        super(channel, request.getBytes(StandardCharsets.US_ASCII));
        this.loop = loop;
        this.listener = listener;
    }

    boolean isOpen() {
        return open;
    }

    /** Sends a frame that is masked already; within a turn of reading, together with others for this connection. */
    void send(byte[] frame) {
        if (!loop.collect(this, frame)) {
            writeOrEnd(ByteBuffer.wrap(frame));
        }
    }

    @Override
    void received(ByteBuffer buffer) {
        if (open || upgraded(buffer)) {
            frames(buffer);
        }
    }

    @Override
    void lost(String why) {
        open = false;
        listener.ended(this, why);
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
        while (!hasEnded() && buffer.remaining() >= 2) {
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
}
