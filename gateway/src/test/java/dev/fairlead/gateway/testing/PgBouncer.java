package dev.fairlead.gateway.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real PgBouncer in front of a PostgreSQL of this machine, configured with as little as it takes. */
public final class PgBouncer implements AutoCloseable {
    private static final int BACKLOG = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private Process process;

    private PgBouncer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts one, or skips the test and says why.
     *
     * @param mode {@code session}, {@code transaction} or {@code statement}
     * @param server the port of the PostgreSQL behind it
     */
    public static PgBouncer start(Path folder, String mode, int server) {
        Tools.require("pgbouncer", "apt-get install pgbouncer");
        try {
            // It drops root's rights, and reads its files with those that are left.
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            PgBouncer bouncer = new PgBouncer(folder, freePort());
            Files.writeString(folder.resolve("users.txt"), "\"postgres\" \"postgres\"\n");
            Files.writeString(
                    folder.resolve("pgbouncer.ini"),
                    String.join(
                            "\n",
                            "[databases]",
                            "postgres = host=127.0.0.1 port=" + server + " dbname=postgres",
                            "[pgbouncer]",
                            "listen_addr = 127.0.0.1",
                            "listen_port = " + bouncer.port,
                            "unix_socket_dir =",
                            "auth_type = trust",
                            "auth_file = " + folder.resolve("users.txt"),
                            "pool_mode = " + mode,
                            ""));
            bouncer.begin();
            return bouncer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of the database through it. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Ends it the hard way, with all connections through it. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it again on the same port; returns once it listens. */
    public void begin() {
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(folder.resolve("pgbouncer.ini").toString());
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("pgbouncer.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE).until(this::listens);
    }

    @Override
    public void close() {
        kill();
    }

    private boolean listens() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("PgBouncer ended: " + Files.readString(folder.resolve("pgbouncer.log")));
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
