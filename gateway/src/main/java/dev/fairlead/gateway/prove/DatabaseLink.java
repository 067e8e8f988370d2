package dev.fairlead.gateway.prove;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The way to a database server, over a port of this process: cut, it refuses, as where no server runs; silenced, it
 * takes connections and answers none, as where a machine hangs.
 */
final class DatabaseLink implements AutoCloseable {
    private static final String SCHEME = "jdbc:";
    private static final int DEFAULT_PORT = 5432;
    private static final int BUFFER = 16 * 1024;

    private enum State {
        OPEN,
        CUT,
        SILENT
    }

    private final String host;
    private final int port;
    private final URI database;
    private final ServerSocket server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile State state = State.OPEN;

    private DatabaseLink(URI database) throws IOException {
        this.database = database;
        this.host = database.getHost();
        this.port = database.getPort() < 0 ? DEFAULT_PORT : database.getPort();
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** The way to the server of {@code jdbc:postgresql://host:port/database}. */
    static DatabaseLink to(String url) throws IOException {
        URI database = URI.create(url.substring(SCHEME.length()));
        if (database.getHost() == null) {
            throw new IOException("--db-url has to name one server, as jdbc:postgresql://host:5432/database");
        }
        return new DatabaseLink(database);
    }

    /** The database's URL over this way. */
    String url() {
        return SCHEME + database.getScheme() + "://127.0.0.1:" + server.getLocalPort() + database.getRawPath()
                + (database.getRawQuery() == null ? "" : "?" + database.getRawQuery());
    }

    /** Ends all connections, and each new one at once. */
    void cut() {
        become(State.CUT);
    }

    /** Ends all connections; new ones are taken and not answered. */
    void silence() {
        become(State.SILENT);
    }

    void mend() {
        become(State.OPEN);
    }

    private void become(State next) {
        state = next;
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            end(socket);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                sockets.add(near);
                State now = state;
                if (now == State.OPEN) {
                    Socket far = new Socket(host, port);
                    sockets.add(far);
                    start(() -> relay(near, far));
                    start(() -> relay(far, near));
                }
                if (now == State.CUT || now != state) {
                    end(near);
                }
                sockets.removeIf(Socket::isClosed);
            } catch (IOException e) {
                // Closed, or the server itself is away.
            }
        }
    }

    private static void relay(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // Either end is gone, and with it the other.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "prove-link");
        thread.setDaemon(true);
        thread.start();
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        become(State.CUT);
    }
}
