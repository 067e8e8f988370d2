package dev.fairlead.gateway.testing;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gateway as people run it: {@code fairlead serve} in a process of its own, under the most generous umask. What it
 * says on either output is kept.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "fairlead.jar");
    private static final Pattern ADDRESS = Pattern.compile("Fairlead is at https?://[^ ]*:(\\d+)/?");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();

    private GatewayProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "gateway-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one; {@link #port} waits until it listens.
     *
     * @param environment on top of that of the tests
     * @param arguments of {@code serve}
     */
    public static GatewayProcess serve(Path home, Map<String, String> environment, String... arguments) {
        return run(home, environment, "serve", arguments);
    }

    /** Runs any command of the product. */
    public static GatewayProcess run(Path home, Map<String, String> environment, String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "umask 000; exec \"$@\"", "sh"));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.home=" + home));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        if (Files.exists(JAR)) {
            line.addAll(List.of("-jar", JAR.toString()));
        } else { // run from an IDE, before there is a jar
            builder.environment()
                    .put(
                            "CLASSPATH",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            line.add("dev.fairlead.gateway.Fairlead");
        }
        line.add(command);
        line.addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        builder.environment().putAll(environment);
        try {
            return new GatewayProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port it listens on, once it does. */
    public int port() {
        await().atMost(PATIENCE).until(() -> ADDRESS.matcher(output()).find() || !process.isAlive());
        Matcher address = ADDRESS.matcher(output());
        if (!address.find()) {
            throw new AssertionError("It does not listen: " + output());
        }
        return Integer.parseInt(address.group(1));
    }

    public URI ws(String path) {
        return URI.create("ws://127.0.0.1:" + port() + path);
    }

    /** Sends a request, with headers as name, value, name, value. */
    public HttpResponse<String> send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** All it has said so far. */
    public String output() {
        return String.join("\n", output);
    }

    /** Asks it to end, as {@code kill} does. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** Its exit status. */
    public int exit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running after " + within + ": " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
    }
}
