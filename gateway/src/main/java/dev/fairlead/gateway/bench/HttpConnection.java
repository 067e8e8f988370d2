package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One HTTP/1.1 connection of a {@link LoadLoop}, which asks the same again when it is told to. */
final class HttpConnection extends LoadChannel {
    /** What becomes of a request. */
    interface Listener {
        /** It was answered, with 200. */
        void answered(HttpConnection connection);
    }

    private static final Pattern LENGTH =
            Pattern.compile("^content-length: *(\\d+)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private static final int MOST_HEAD = 1024;

    private final LoadLoop loop;
    private final byte[] request;
    private final Listener listener;
    private byte[] head = {}; // of the last answer, with the empty line after it
    private int answerBytes;
    /** For the work that uses this connection: when its request left, nanoseconds of the monotonic clock. */
    long sentAt;

    /** Sends {@code request} as soon as it is connected; answers have to tell their length. */
    HttpConnection(LoadLoop loop, SocketChannel channel, String request, Listener listener) {
        super(channel, request.getBytes(StandardCharsets.US_ASCII));
        this.loop = loop;
        this.request = request.getBytes(StandardCharsets.US_ASCII);
        this.listener = listener;
        this.sentAt = loop.now();
    }

    /** A request without a body. */
    static String get(int port, String path, Optional<String> token) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n"
                + token.map(text -> "Authorization: Bearer " + text + "\r\n").orElse("") + "\r\n";
    }

    /**
     * A request with JSON.
     *
     * @param headers lines of its head, each with its end
     */
    static String post(int port, String path, String token, String headers, String json) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + token + "\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n" + headers + "\r\n"
                + json;
    }

    /** Asks again, once the last was answered. */
    void ask() {
        sentAt = loop.now();
        writeOrEnd(ByteBuffer.wrap(request));
    }

    /** The bytes of the last answer's body. */
    int answerBytes() {
        return answerBytes;
    }

    @Override
    void received(ByteBuffer buffer) {
        if (isAsBefore(buffer)) {
            buffer.position(buffer.position() + head.length + answerBytes);
            listener.answered(this);
            return;
        }
        // No more than the head is looked at: of a large body every byte would be read again.
        ByteBuffer first = buffer.duplicate();
        first.limit(Math.min(first.limit(), first.position() + MOST_HEAD));
        String text = StandardCharsets.US_ASCII.decode(first).toString();
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        text = text.substring(0, end);
        Matcher length = LENGTH.matcher(text);
        if (!text.startsWith("HTTP/1.1 200 ") || !length.find()) {
            end(text.lines().findFirst().orElse(""));
            return;
        }
        int headBytes = end + 4;
        int whole = headBytes + Integer.parseInt(length.group(1));
        if (buffer.remaining() < whole) {
            loop.room(whole);
            return;
        }
        head = new byte[headBytes];
        buffer.get(head);
        answerBytes = whole - headBytes;
        buffer.position(buffer.position() + answerBytes);
        listener.answered(this);
    }

    /** The same head as the last time, and all its body: to read the head anew costs the load more than the rest. */
    private boolean isAsBefore(ByteBuffer buffer) {
        return head.length > 0
                && buffer.remaining() >= head.length + answerBytes
                && buffer.slice(buffer.position(), head.length).mismatch(ByteBuffer.wrap(head)) < 0;
    }

    @Override
    void lost(String why) {
        throw new IllegalStateException("A request of the load was not answered: " + why);
    }
}
