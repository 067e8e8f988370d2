package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A gateway in a process of its own, from the jar that is shipped: to be killed and started again. */
public final class ServedGateway implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PASSWORD = RunningGateway.PASSWORD;
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");

    private final Path folder;
    private final int port;
    private final List<String> prefix;
    private final List<String> jvm;
    private final List<String> settings;
    private final List<String> serve;
    private volatile GatewayProcess process;

    private ServedGateway(Path folder, List<String> prefix, List<String> jvm, List<String> settings)
            throws IOException {
        this(folder, prefix, jvm, settings, List.of("serve"));
    }

    private ServedGateway(Path folder, List<String> prefix, List<String> jvm, List<String> settings, List<String> serve)
            throws IOException {
        this.serve = serve;
        this.folder = folder;
        this.prefix = prefix;
        this.jvm = jvm;
        this.settings = settings;
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    /** Starts one on a free port, which it keeps over restarts. */
    public static ServedGateway start(Path folder, String... settings) throws IOException {
        ServedGateway gateway = new ServedGateway(folder, List.of(), JVM, Arrays.asList(settings));
        gateway.start();
        return gateway;
    }

    /** One with a heap of 256 MiB, whose first minute is not spent on compiling. */
    public static ServedGateway startSmall(Path folder, String... settings) throws IOException {
        ServedGateway gateway = new ServedGateway(folder, List.of(), GatewayProcess.QUICK, Arrays.asList(settings));
        gateway.start();
        return gateway;
    }

    /** One under another program, as a tracer, that is not started yet. */
    public static ServedGateway under(List<String> prefix, Path folder) throws IOException {
        return new ServedGateway(folder, prefix, JVM, List.of());
    }

    /** One of several as one, that is not started yet. */
    static ServedGateway node(Path folder, List<String> settings) throws IOException {
        List<String> jvm = new ArrayList<>(GatewayProcess.QUICK);
        jvm.add("-Dfairlead.cluster.unfinished=true");
        return new ServedGateway(folder, List.of(), jvm, settings, List.of("serve", "--cluster"));
    }

    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public URI ws(String path) {
        return URI.create("ws://127.0.0.1:" + port + path);
    }

    /** Starts it, and waits until it is healthy. */
    public void start() throws IOException {
        launch(prefix);
    }

    /** Starts it without the other program. */
    public void startPlain() throws IOException {
        launch(List.of());
    }

    private void launch(List<String> before) throws IOException {
        List<String> command = new ArrayList<>(serve);
        command.addAll(List.of("--port", Integer.toString(port), "--data-dir", folder.toString()));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        process = GatewayProcess.under(
                before, jvm, folder.resolveSibling("home"), Map.of("FAIRLEAD_ADMIN_PASSWORD", PASSWORD), command);
        Awaitility.await("a healthy gateway")
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(this::isHealthy);
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.handle().descendants().forEach(ProcessHandle::destroyForcibly);
        process.kill();
    }

    boolean wasStarted() {
        return process != null;
    }

    /** Ends it in order. */
    public int stop() {
        process.terminate();
        return process.exitCode();
    }

    /** Stops it where it stands, as a machine does that is suspended. */
    public void freeze() {
        signal("-STOP");
    }

    /** Ends the {@link #freeze}. */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String which) {
        try {
            assertThat(new ProcessBuilder("kill", which, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What the process that runs now has said on stderr so far, a line each. */
    public List<String> log() {
        return process.err().lines().toList();
    }

    public ProcessHandle process() {
        return process.handle();
    }

    public String registrationToken(String agent) {
        return post("/api/admin/tokens", "{\"agent_name\":\"" + agent + "\"}")
                .get("token")
                .asText();
    }

    public JsonNode post(String path, String json) {
        return FrameCodec.tree(send(HttpRequest.newBuilder(http(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)))
                .body());
    }

    public void delete(String path) {
        assertThat(send(HttpRequest.newBuilder(http(path)).DELETE()).statusCode())
                .isLessThan(300);
    }

    public JsonNode get(String path) {
        return FrameCodec.tree(send(HttpRequest.newBuilder(http(path))).body());
    }

    /** What is no JSON, such as the metrics. */
    public String text(String path) {
        return send(HttpRequest.newBuilder(http(path))).body();
    }

    /** What a gauge of the metrics shows now. */
    public long metric(String name) {
        return text("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** A new agent on a wire that a test reads frame by frame; its first frames have been read. */
    public WsClient agent(String name) {
        WsClient agent = WsClient.connect(ws("/ws/agent"), "Authorization", "Bearer " + registrationToken(name));
        agent.next("token.state");
        return agent;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(
                    request.header("Authorization", "Bearer " + PASSWORD)
                            .timeout(Duration.ofMinutes(1))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private boolean isHealthy() {
        if (!process.running()) {
            throw new AssertionError("The gateway ended with " + process.exitCode() + ": " + process.output());
        }
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(http("/api/health"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
