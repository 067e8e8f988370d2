package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A TCP connection that sends whatever bytes a test likes, for requests and frames no library would send. */
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final StringBuilder seen = new StringBuilder();

    public RawHttp(int port) throws IOException {
        this(port, 0);
    }

    /**
     * With a bound on what the system takes for a peer that does not read.
     *
     * @param receiveBuffer in bytes; 0 as the system likes
     */
    public RawHttp(int port, int receiveBuffer) throws IOException {
        this(port, receiveBuffer, "127.0.0.1");
    }

    private RawHttp(int port, int receiveBuffer, String from) throws IOException {
        socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** From another address of this machine, such as 127.0.0.2. */
    public static RawHttp from(String address, int port) throws IOException {
        return new RawHttp(port, 0, address);
    }

    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends lines, the last one empty. */
    public RawHttp request(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** The status of the next answer; its head is read whole. */
    public int status() throws IOException {
        String head = head();
        return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** The head of the next answer. */
    public String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(read());
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** A body of so many bytes. */
    public JsonNode json(int length) throws IOException {
        return FrameCodec.tree(in.readNBytes(length));
    }

    /** Opens a WebSocket. */
    public RawHttp upgrade(String path) throws IOException {
        request(
                "GET " + path + " HTTP/1.1",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        if (status() != 101) {
            throw new IOException("No upgrade");
        }
        return this;
    }

    /** One frame of a client: masked with a mask of zeros, so that the payload stands as it is. */
    public RawHttp frame(int firstByte, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return send(frame.toByteArray());
    }

    /** One text frame of a client. */
    public RawHttp text(String payload) throws IOException {
        return frame(0x81, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** The payload of the next text frame that contains {@code text}; others are passed over. */
    public String frameWith(String text) throws IOException {
        while (true) {
            int opcode = read() & 0x0F;
            byte[] payload = in.readNBytes(length());
            if (opcode == 8) {
                throw new EOFException("Closed before a frame came with " + text);
            }
            String frame = new String(payload, StandardCharsets.UTF_8);
            if (frame.contains(text)) {
                return frame;
            }
        }
    }

    /** The code of the close frame that comes, whatever comes before it; 1006 where the connection just ends. */
    public int closeCode() throws IOException {
        try {
            while (true) {
                int opcode = read() & 0x0F;
                int length = length();
                byte[] payload = in.readNBytes(length);
                if (opcode == 8) {
                    return length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
                }
            }
        } catch (EOFException | java.net.SocketException e) {
            return 1006;
        }
    }

    /** Whether that text has come by now; what came before it is gone. */
    public boolean sees(String text) throws IOException {
        byte[] part = new byte[Math.max(1, in.available())];
        int length = in.available() == 0 ? 0 : in.read(part);
        seen.append(new String(part, 0, length, StandardCharsets.ISO_8859_1));
        int at = seen.indexOf(text);
        seen.delete(0, Math.max(0, at >= 0 ? at + text.length() : seen.length() - text.length()));
        return at >= 0;
    }

    /** Whether the peer ends the connection before long. */
    public boolean isEnded() throws IOException {
        try {
            while (in.read() >= 0) {
                // what still comes does not matter
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /** Whether the peer ends the connection as one that has read all it was sent; a reset is what unread bytes make. */
    public boolean endsInOrder() throws IOException {
        try {
            while (in.read() >= 0) {
                // what still comes does not matter
            }
            return true;
        } catch (java.net.SocketException reset) {
            return false;
        }
    }

    private int length() throws IOException {
        int length = read() & 0x7F;
        if (length == 126) {
            return read() << 8 | read();
        }
        return length == 127 ? (int) ByteBuffer.wrap(in.readNBytes(8)).getLong() : length;
    }

    /** Whether the peer has ended the connection by now. */
    public boolean isCut() {
        try {
            socket.setSoTimeout(1);
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private int read() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException();
        }
        return value;
    }

    /** Closes as a program that crashed or a box in between does: with a reset instead of an end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
