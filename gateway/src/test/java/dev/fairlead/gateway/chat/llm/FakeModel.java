package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * An OpenAI-compatible endpoint that does as it is told, over sockets of the JDK, one thread a connection: it can stop,
 * break off and send garbage at any byte. What it is not told to do it does as OpenAI documents it.
 */
public final class FakeModel implements AutoCloseable {
    /** What was asked. */
    public record Asked(String path, Map<String, String> headers, JsonNode body) {}

    /** How one request is answered; returning ends the answer as HTTP has it. */
    @FunctionalInterface
    public interface Reply {
        void answer(Asked asked, Wire wire) throws IOException;
    }

    private static final int PATIENCE_SECONDS = 30;

    private final ServerSocket server;
    private final Thread acceptor;
    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile Reply otherwise = ModelReplies.text("ok");

    private FakeModel(ServerSocket server) {
        this.server = server;
        this.acceptor = new Thread(this::accept, "fake-model");
    }

    public static FakeModel start() {
        try {
            FakeModel model = new FakeModel(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()));
            model.acceptor.start();
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With {@code /v1} at its end. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** Adds the answer to the next request that has none yet. */
    public FakeModel then(Reply reply) {
        script.add(reply);
        return this;
    }

    /** Answers so whatever the script does not cover. */
    public FakeModel otherwise(Reply reply) {
        otherwise = reply;
        return this;
    }

    /** All requests so far. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Connections so far. */
    public int connections() {
        return sockets.size();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            acceptor.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                assertThat(thread.isAlive()).isFalse();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "fake-model-connection");
                threads.add(thread);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String first = line(in);
                if (first.isEmpty()) {
                    return;
                }
                Map<String, String> headers = new LinkedHashMap<>();
                for (String line = line(in); !line.isEmpty(); line = line(in)) {
                    int colon = line.indexOf(':');
                    headers.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
                byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                Asked request = new Asked(first.split(" ", -1)[1], headers, FrameCodec.tree(body));
                asked.add(request);
                Reply next = script.poll();
                Wire wire = new Wire(socket, in);
                (next == null ? otherwise : next).answer(request, wire);
                wire.finish();
            }
        } catch (IOException e) {
            // the other side, or this one, broke it off
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The connection an answer is written on. */
    public static final class Wire {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private boolean chunked;

        Wire(Socket socket, InputStream in) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = socket.getOutputStream();
        }

        /** Begins an answer whose body comes in pieces; headers as name, value, name, value. */
        public Wire head(int status, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " As told\r\nTransfer-Encoding: chunked\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            raw(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            chunked = true;
            return this;
        }

        /** Begins a stream. */
        public Wire stream() throws IOException {
            return head(200, "Content-Type", "text/event-stream; charset=utf-8");
        }

        /** Sends a piece of the body, at once. */
        public Wire bytes(byte[] bytes) throws IOException {
            raw((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            raw(bytes);
            raw(new byte[] {'\r', '\n'});
            return this;
        }

        public Wire text(String text) throws IOException {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Sends an event. */
        public Wire event(String data) throws IOException {
            return text("data: " + data + "\n\n");
        }

        /** Sends bytes as they are, past HTTP. */
        public void raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Says nothing more until the other side has closed the connection. */
        public void stall() throws IOException {
            while (in.read() >= 0) {
                // nothing is sent on a connection that waits for its answer
            }
            throw new IOException("closed by the other side");
        }

        /** Breaks the connection off. */
        public void cut() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
            throw new IOException("cut");
        }

        private void finish() throws IOException {
            if (chunked) {
                raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
