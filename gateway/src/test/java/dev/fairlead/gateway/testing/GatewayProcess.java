package dev.fairlead.gateway.testing;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jar as people run it, {@code fairlead serve} or any other command: a process of its own, under the most generous
 * umask, with none of the tests' own settings in its environment. What it says is kept.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "fairlead.jar");
    private static final Pattern ADDRESS = Pattern.compile("Fairlead is at https?://[^ ]*:(\\d+)/?");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** For tests that start many. */
    static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final BufferedWriter in;
    private final Reader out;
    private final Reader err;

    private GatewayProcess(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = new Reader(process.getInputStream(), "gateway-out");
        this.err = new Reader(process.getErrorStream(), "gateway-err");
    }

    /**
     * Starts one; {@link #port} waits until it listens.
     *
     * @param environment on top of that of the tests
     * @param arguments of {@code serve}
     */
    public static GatewayProcess serve(Path home, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("serve"));
        command.addAll(List.of(arguments));
        return under(List.of(), QUICK, home, environment, command);
    }

    /** Runs any command of the product. */
    public static GatewayProcess run(Path home, Map<String, String> environment, String... command) {
        return under(List.of(), QUICK, home, environment, List.of(command));
    }

    /** Runs a command that Ctrl-C reaches, even where the tests were started in the background of a shell. */
    public static GatewayProcess interruptible(Path home, Map<String, String> environment, String... command) {
        return under(List.of("env", "--default-signal=INT"), QUICK, home, environment, List.of(command));
    }

    /**
     * Runs a command under another program, as a tracer.
     *
     * @param prefix that program with its arguments
     * @param jvm options of the JVM
     */
    public static GatewayProcess under(
            List<String> prefix, List<String> jvm, Path home, Map<String, String> environment, List<String> command) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "umask 000; exec \"$@\"", "sh"));
        line.addAll(prefix);
        line.addAll(product(jvm, home));
        ProcessBuilder builder = new ProcessBuilder(line);
        if (!Files.exists(JAR)) {
            builder.environment().put("CLASSPATH", classPath());
        }
        line.addAll(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(environment);
        try {
            return new GatewayProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command of the product is appended to. */
    private static List<String> product(List<String> jvm, Path home) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvm);
        line.add("-Duser.home=" + home);
        if (Files.exists(JAR)) {
            line.addAll(ClassArchive.of(JAR.toAbsolutePath()));
            line.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        } else { // run from an IDE, before there is a jar
            line.add("dev.fairlead.gateway.Fairlead");
        }
        return line;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Makes a file that runs the product as the alias of the readme does, wherever it is called. */
    public static void installTo(Path file, Path home) throws IOException {
        String classPath = Files.exists(JAR)
                ? ""
                : "CLASSPATH='"
                        + Stream.of(classPath().split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                                .collect(Collectors.joining(File.pathSeparator))
                        + "' ";
        Files.writeString(
                file, "#!/bin/sh\n" + classPath + "exec " + String.join(" ", product(QUICK, home)) + " \"$@\"\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
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

    public boolean running() {
        return process.isAlive();
    }

    /** What it and the program around it are. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /** All it has said so far, on either output. */
    public String output() {
        return String.join("\n", output);
    }

    /** What it has said on stdout so far. */
    public String out() {
        return out.text();
    }

    /** What it has said on stderr so far. */
    public String err() {
        return err.text();
    }

    /** Types a line at its stdin. */
    public void type(String line) {
        try {
            in.write(line);
            in.newLine();
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends its stdin. */
    public void endInput() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Ctrl-C does. */
    public void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    /** Its exit status, once it has ended and all it said is kept. */
    public int exitCode() {
        return exit(PATIENCE);
    }

    /** As {@link #exitCode}, with a patience of its own. */
    public int exit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running after " + within + ": " + output());
            }
            out.ended();
            err.ended();
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

    /** Keeps the lines of one output. */
    private final class Reader implements Runnable {
        private final InputStream from;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread thread;

        Reader(InputStream from, String name) {
            this.from = from;
            this.thread = new Thread(this, name);
            thread.setDaemon(true);
            thread.start();
        }

        String text() {
            return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        }

        /** Whatever it started may hold its outputs open, so that this has an end. */
        void ended() throws InterruptedException {
            thread.join(PATIENCE.toMillis() / 10);
        }

        @Override
        public void run() {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                    output.add(line);
                }
            } catch (IOException e) {
                output.add(e.toString());
            }
        }
    }
}
