package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One HTTP/1.1 connection of a {@link LoadLoop} whose answers come in chunks; it stays open from one to the next, for
 * as long as the server keeps one that says nothing.
 */
final class StreamConnection extends LoadChannel {
    /** What comes of a request. */
    interface Listener {
        /** A part of its answer, as the server wrote it; good until this returns. */
        void part(ByteBuffer payload);

        /** The answer is whole. */
        void whole();
    }

    private final LoadLoop loop;
    private final Listener listener;
    private boolean asked;
    private boolean begun;

    /** Sends {@code request} as soon as it is connected. */
    StreamConnection(LoadLoop loop, SocketChannel channel, String request, Listener listener) {
        super(channel, request.getBytes(StandardCharsets.US_ASCII));
        this.loop = loop;
        this.listener = listener;
        this.asked = true;
    }

    /** Asks again, once the last answer was whole. */
    void ask(String request) {
        asked = true;
        writeOrEnd(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    void received(ByteBuffer buffer) {
        while (!hasEnded() && (begun ? chunk(buffer) : head(buffer))) {
            // goes on with what comes after
        }
    }

    @Override
    void lost(String why) {
        if (asked) {
            throw new IllegalStateException("A stream of the load was not answered: " + why);
        }
    }

    private boolean head(ByteBuffer buffer) {
        String text = StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString();
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!text.startsWith("HTTP/1.1 200 ")) {
            end(text);
            return false;
        }
        buffer.position(buffer.position() + end + 4);
        begun = true;
        return true;
    }

    /** Takes one chunk: its length in hexadecimal digits, and twice the end of a line. */
    private boolean chunk(ByteBuffer buffer) {
        int start = buffer.position();
        int limit = buffer.limit();
        int at = start;
        int length = 0;
        while (at < limit && buffer.get(at) != '\r') {
            length = length * 16 + Character.digit(buffer.get(at++), 16);
        }
        int end = at + 2 + length;
        if (end + 2 > limit) {
            loop.room(end + 2 - start);
            return false;
        }
        buffer.position(at + 2).limit(end);
        if (length > 0) {
            listener.part(buffer);
        } else {
            begun = false;
            asked = false;
            listener.whole();
        }
        buffer.limit(limit).position(end + 2);
        return true;
    }
}
