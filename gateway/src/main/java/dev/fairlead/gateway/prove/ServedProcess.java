package dev.fairlead.gateway.prove;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code fairlead serve} in a process of its own, whose log goes to a file. Confined to one thread, but for requests.
 */
final class ServedProcess implements AutoCloseable {
    /** Files it may open: few enough to be used up by one that wants to. */
    private static final int MAX_OPEN_FILES = 512;

    /** A gateway says after 14 s that it did not stop in order. */
    private static final Duration STOP = Duration.ofSeconds(20);

    /** For an answer that has to come. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** For who only looks whether one comes. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** The answer to a request; an empty object where it is no JSON. */
    record Answer(int status, JsonNode body) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LOOK)
            .build();

    private final Path data;
    private final Path log;
    private final int port;
    private final String password;
    private final List<String> settings;
    private final Map<String, String> secrets;
    private Process process;

    private ServedProcess(
            Path data, Path log, int port, String password, List<String> settings, Map<String, String> secrets) {
        this.data = data;
        this.log = log;
        this.port = port;
        this.password = password;
        this.settings = List.copyOf(settings);
        this.secrets = Map.copyOf(secrets);
    }

    /**
     * One that does not run yet, on a port that is free now.
     *
     * @param log what it says is appended there
     * @param settings {@code key=value}
     * @param secrets variables of its environment, besides that of the password
     */
    static ServedProcess on(Path data, Path log, String password, List<String> settings, Map<String, String> secrets)
            throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return new ServedProcess(data, log, free.getLocalPort(), password, settings, secrets);
        }
    }

    /** Another one of the same settings on another folder, port and log. */
    ServedProcess beside(Path otherData, Path otherLog) throws IOException {
        return on(otherData, otherLog, password, settings, secrets);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    int port() {
        return port;
    }

    /** Starts it and waits for nothing. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "ulimit -n " + MAX_OPEN_FILES + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", // it is started often, and lives briefly
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.fairlead.gateway.Fairlead",
                "serve",
                "--port",
                Integer.toString(port),
                "--data-dir",
                data.toString()));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        builder.environment().put("FAIRLEAD_ADMIN_PASSWORD", password);
        builder.environment().putAll(secrets);
        process = builder.start();
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    /** Ends it as a crash does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Asks it to end; gives its exit status, or -1 where it had to be killed in the end. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            return -1;
        }
        return process.exitValue();
    }

    /** Waits for it to end by itself; gives whether it did. */
    boolean endsWithin(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends a signal such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Lines it has written to its log, over all its lives. */
    long logLines() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.count();
        }
    }

    /** What it has written since it had written so many lines. */
    List<String> logSince(long lines) throws IOException {
        try (Stream<String> all = Files.lines(log)) {
            return all.skip(lines).toList();
        }
    }

    boolean isHealthy() throws InterruptedException {
        try {
            return look("GET", "/api/health", "").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Asks it as the operator.
     *
     * @throws IOException where there is no answer in time
     */
    Answer send(String method, String path, String json) throws IOException, InterruptedException {
        return send(method, path, json, ANSWER);
    }

    /** As {@link #send}, with little patience. */
    Answer look(String method, String path, String json) throws IOException, InterruptedException {
        return send(method, path, json, LOOK);
    }

    private Answer send(String method, String path, String json, Duration patience)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .header("Authorization", "Bearer " + password)
                .header("Content-Type", "application/json")
                .timeout(patience)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        try {
            return new Answer(response.statusCode(), FrameCodec.tree(response.body()));
        } catch (FairleadException e) {
            return new Answer(response.statusCode(), FrameCodec.object());
        }
    }

    /** Ends it whatever state it is in, in order where it can. */
    @Override
    public void close() {
        if (!runs()) {
            return;
        }
        try {
            signal("CONT");
            terminate();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
