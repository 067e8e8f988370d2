package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The way to a gateway, which a test cuts and mends: a port of its own whose connections lead to the gateway's. */
public final class CuttableLink implements AutoCloseable {
    private static final int BUFFER = 8 * 1024;

    private final int target;
    private final ServerSocket server;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private boolean cut;

    private CuttableLink(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** A way to a port of this machine. */
    public static CuttableLink to(int port) {
        try {
            return new CuttableLink(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The gateway's address over this way. */
    public URI http() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Ends all connections without a word, and each new one at once. */
    public synchronized void cut() {
        cut = true;
        sockets.forEach(CuttableLink::end);
        sockets.clear();
    }

    public synchronized void mend() {
        cut = false;
    }

    private synchronized boolean take(Socket... pair) {
        if (!cut) {
            sockets.addAll(List.of(pair));
        }
        return !cut;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                if (take(near, far)) {
                    start(() -> relay(near, far));
                    start(() -> relay(far, near));
                } else {
                    end(near);
                    end(far);
                }
            } catch (IOException e) {
                // closed, or nobody listens there now
            }
        }
    }

    private static void relay(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // cut, or one end is gone
        } finally {
            end(from);
            end(to);
        }
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "cuttable-link");
        threads.add(thread);
        thread.start();
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            cut();
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(thread.isAlive()).isFalse();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
