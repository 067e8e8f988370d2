package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Many connections on the calling thread, over nothing but a selector, so that the load costs less than what it
 * measures. Used by one thread.
 */
final class LoadLoop implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration UPGRADE = Duration.ofSeconds(10);

    private final TimeSource time;
    private final Selector selector;
    private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private LoadChannel reading; // null between turns

    LoadLoop(TimeSource time) {
        this.time = time;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to connect; the listener hears the rest while {@link #run} runs. */
    LoadConnection open(int port, String path, Optional<String> token, LoadConnection.Listener listener) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + token.map(text -> "Authorization: Bearer " + text + "\r\n").orElse("") + "\r\n";
        return open(port, channel -> new LoadConnection(this, channel, request, listener));
    }

    /** Begins to connect; {@code request}, a whole one, is sent as soon as it is connected. */
    HttpConnection open(int port, String request, HttpConnection.Listener listener) {
        return open(port, channel -> new HttpConnection(this, channel, request, listener));
    }

    /** Begins to connect; {@code request}, whose answer comes in chunks, is sent as soon as it is connected. */
    StreamConnection open(int port, String request, StreamConnection.Listener listener) {
        return open(port, channel -> new StreamConnection(this, channel, request, listener));
    }

    private <C extends LoadChannel> C open(int port, Function<SocketChannel, C> of) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
            C connection = of.apply(channel);
            boolean connected = channel.connect(new InetSocketAddress(LOOPBACK, port));
            connection.registered(
                    channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, connection));
            if (connected) {
                connection.connected();
            }
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, and comes back once the upgrade is through. */
    LoadConnection opened(int port, String path, LoadConnection.Listener listener) {
        LoadConnection connection = open(port, path, Optional.empty(), listener);
        runUntil(connection::isOpen, UPGRADE);
        return connection;
    }

    /** Turns until {@code done}, or fails when {@code limit} is over first. */
    void runUntil(BooleanSupplier done, Duration limit) {
        long end = time.nanos() + limit.toNanos();
        while (!done.getAsBoolean()) {
            if (time.nanos() - end > 0) {
                throw new IllegalStateException("Not done within " + limit.toSeconds() + " s");
            }
            turn(10);
        }
    }

    /** Turns for a time. */
    void run(Duration duration) {
        long end = time.nanos() + duration.toNanos();
        while (time.nanos() - end < 0) {
            turn(10);
        }
    }

    long now() {
        return time.nanos();
    }

    /** Whether a frame for {@code connection} leaves with the others of this turn. */
    boolean collect(LoadConnection connection, byte[] frame) {
        if (connection != reading || out.remaining() < frame.length) {
            return false;
        }
        out.put(frame);
        return true;
    }

    /** Makes the buffer hold a frame of that size from the next turn on. */
    void room(int bytes) {
        if (bytes > in.capacity()) {
            in = ByteBuffer.allocateDirect(Integer.highestOneBit(bytes) * 2);
        }
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            ((LoadChannel) key.attachment()).close();
        }
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void turn(long waitMillis) {
        try {
            selector.select(this::ready, waitMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        LoadChannel connection = (LoadChannel) key.attachment();
        try {
            if (key.isConnectable()) {
                connection.connected();
                return;
            }
            if (key.isWritable()) {
                connection.writable();
            }
            if (key.isReadable()) {
                reading = connection;
                connection.readable(in);
                reading = null;
                if (out.position() > 0 && key.isValid()) {
                    connection.write(out.flip());
                }
                out.clear();
            }
        } catch (IOException e) {
            reading = null;
            out.clear();
            connection.end(e.toString());
        }
    }
}
