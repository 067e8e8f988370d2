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
import java.time.Duration;
import java.util.List;

/** A program of others that a test runs in the foreground, as a proxy or forwarder in front of the gateway. */
public final class ForeignProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path said;

    private ForeignProgram(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /**
     * Starts one.
     *
     * @param folder where what it says is kept
     */
    public static ForeignProgram start(Path folder, List<String> command) {
        try {
            Path said = Files.createTempFile(folder, "said", ".txt");
            return new ForeignProgram(
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start(),
                    said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until somebody listens on that port of this machine; fails with what it said where it ends before. */
    public ForeignProgram listening(int port) {
        await("a listener on port " + port)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("It ended with " + process.exitValue() + ": " + said());
                    }
                    return accepts(port);
                });
        return this;
    }

    /** All it has said so far. */
    public String said() throws IOException {
        return Files.readString(said);
    }

    /** A port that is free now. */
    public static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        // The program first: a master starts workers anew for those that end.
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        process.onExit().join();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
