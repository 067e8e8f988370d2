package dev.fairlead.gateway.promises;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that mean harm, each with connections of its own that are made again as soon as they are closed. One thread
 * has them all, and none of them waits for another: what a peer does not take is tried again at the next turn.
 */
final class HostileClients implements AutoCloseable {
    private static final Duration TURN = Duration.ofMillis(100);
    private static final int SMALL_BUFFER = 4096;

    /**
     * One kind of them.
     *
     * @param from the address they come from
     * @param connections at a time
     * @param opening what each connection begins with
     * @param turn what it sends ten times a second from then on
     * @param reads whether it takes what it is answered
     * @param renewed whether each turn is on a new connection
     */
    record Kind(
            String from,
            int connections,
            Supplier<byte[]> opening,
            Supplier<byte[]> turn,
            boolean reads,
            boolean renewed) {
        /** Holds its connections and takes nothing. */
        static Kind deaf(String from, int connections, String opening, String turn) {
            return new Kind(from, connections, () -> bytes(opening), () -> bytes(turn), false, false);
        }

        /** Asks on a new connection each time. */
        static Kind asking(String from, int connections, String request) {
            return new Kind(from, connections, () -> bytes(request), () -> new byte[0], true, true);
        }

        /** Opens a WebSocket and sends frames, as many a turn. */
        static Kind agent(String from, String upgrade, int frames, String... texts) {
            byte[] once = frames(texts);
            byte[] turn = new byte[0];
            for (int i = 0; i < frames; i++) {
                turn = joined(turn, once);
            }
            byte[] all = turn;
            return new Kind(from, 1, () -> bytes(upgrade), () -> all, true, false);
        }
    }

    private final int port;
    private final List<Connection> connections = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;
    private final AtomicLong opened = new AtomicLong();

    private HostileClients(int port, List<Kind> kinds) {
        this.port = port;
        for (Kind kind : kinds) {
            for (int i = 0; i < kind.connections(); i++) {
                connections.add(new Connection(kind));
            }
        }
        thread = new Thread(this::run, "hostile-clients");
        thread.start();
    }

    static HostileClients start(int port, List<Kind> kinds) {
        return new HostileClients(port, kinds);
    }

    /** How many connections they have made so far. */
    long opened() {
        return opened.get();
    }

    /** They all leave at once. */
    @Override
    public void close() {
        over = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(Connection::leave);
    }

    private void run() {
        ByteBuffer sink = ByteBuffer.allocate(64 * 1024);
        while (!over) {
            for (Connection one : connections) {
                one.turn(sink);
            }
            LockSupport.parkNanos(TURN.toNanos());
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Text frames of a client, masked with zeros. */
    private static byte[] frames(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] payload = text.getBytes(StandardCharsets.UTF_8);
            all.write(0x81);
            if (payload.length < 126) {
                all.write(0x80 | payload.length);
            } else {
                all.write(0x80 | 126);
                all.write(payload.length >> 8);
                all.write(payload.length);
            }
            all.writeBytes(new byte[4]);
            all.writeBytes(payload);
        }
        return all.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    /** One connection after the other, all of one kind. */
    private final class Connection {
        private final Kind kind;
        private SocketChannel channel; // null while there is none
        private ByteBuffer waiting = ByteBuffer.allocate(0);

        Connection(Kind kind) {
            this.kind = kind;
        }

        void turn(ByteBuffer sink) {
            try {
                if (channel == null) {
                    connect();
                } else if (!waiting.hasRemaining()) {
                    waiting = ByteBuffer.wrap(kind.turn().get());
                }
                channel.write(waiting);
                if (kind.reads()) {
                    read(sink);
                }
            } catch (IOException refused) {
                leave();
            }
        }

        private void connect() throws IOException {
            channel = SocketChannel.open();
            if (!kind.reads()) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
            }
            channel.bind(new InetSocketAddress(kind.from(), 0));
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            opened.incrementAndGet();
            waiting = ByteBuffer.wrap(kind.opening().get());
        }

        private void read(ByteBuffer sink) throws IOException {
            boolean answered = false;
            int length;
            do {
                sink.clear();
                length = channel.read(sink);
                answered |= length > 0;
            } while (length > 0);
            if (length < 0 || (answered && kind.renewed())) {
                leave();
            }
        }

        private void leave() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            channel = null;
        }
    }
}
