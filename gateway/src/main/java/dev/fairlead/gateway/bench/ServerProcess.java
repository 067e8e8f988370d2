package dev.fairlead.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A server under load: a process of its own, which ends when this one does. */
final class ServerProcess implements AutoCloseable {
    private final ServerKind kind;
    private final Process process;
    private final int port;
    private final Socket control;
    private final BufferedReader answers;

    private ServerProcess(ServerKind kind, Process process, int port, Socket control) throws IOException {
        this.kind = kind;
        this.process = process;
        this.port = port;
        this.control = control;
        this.answers = reader(control.getInputStream());
    }

    /**
     * Starts a server of this build and waits until it listens.
     *
     * @param folder its data folder
     * @param jvm options of its JVM
     * @param settings of the gateway, {@code key=value}
     */
    static ServerProcess start(ServerKind kind, Path folder, List<String> jvm, List<String> settings) {
        return start(System.getProperty("java.class.path"), kind, folder, jvm, settings);
    }

    /** Starts the gateway of the build in {@code jar}, otherwise like {@link #start}. */
    static ServerProcess ofJar(Path jar, Path folder, List<String> jvm, List<String> settings) {
        return start(jar.toString(), ServerKind.GATEWAY, folder, jvm, settings);
    }

    private static ServerProcess start(
            String classPath, ServerKind kind, Path folder, List<String> jvm, List<String> settings) {
        List<String> command = new ArrayList<>(Cores.serverPrefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                "-cp",
                classPath,
                "dev.fairlead.gateway.Fairlead",
                "bench",
                "target",
                kind.name().toLowerCase(Locale.ROOT),
                "data_dir=" + folder));
        command.addAll(settings);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String ready = reader(process.getInputStream()).readLine();
            if (ready == null) {
                throw new IllegalStateException("The server to be measured did not start");
            }
            String[] ports = ready.split(" ", -1);
            return new ServerProcess(
                    kind,
                    process,
                    Integer.parseInt(ports[1]),
                    new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(ports[2])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServerKind kind() {
        return kind;
    }

    int port() {
        return port;
    }

    /** Has {@code count} events of about {@code bytes} each told to whoever listens. */
    void publish(int count, int bytes) {
        tell("publish " + count + " " + bytes + "\n");
    }

    /** Bytes of live objects on the heap, garbage collected first. */
    long heapBytes() {
        return Long.parseLong(asked("heap"));
    }

    /** Begins to tell processor time by stage. */
    void beginStages() {
        String begun = asked("stages");
        if (!begun.equals("begun")) {
            throw new IllegalStateException("Stages are being told already");
        }
    }

    /** By stage since {@link #beginStages}. */
    StageTimes endStages() {
        return StageTimes.parse(asked("stages"));
    }

    /** Resident memory in bytes, as Linux tells. */
    long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time used so far, in nanoseconds. */
    long processorNanos() {
        return process.info()
                .totalCpuDuration()
                .map(java.time.Duration::toNanos)
                .orElse(0L);
    }

    /** Ends it as a crash would. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            control.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            kill();
        }
    }

    private String asked(String what) {
        tell(what + "\n");
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(String line) {
        try {
            control.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedReader reader(java.io.InputStream stream) {
        return new BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
