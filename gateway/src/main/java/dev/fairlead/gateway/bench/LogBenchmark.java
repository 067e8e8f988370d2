package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a line takes from the write of the process that logs it to the socket of who watches, and what that costs;
 * coreutils' {@code tail -F} on the same lines beside it.
 */
public final class LogBenchmark implements AutoCloseable {
    private static final String AGENT = "bench-log";
    private static final String PASSWORD = "bench-log-password";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_FRAME_BYTES = 4 << 20;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final long PATIENCE_SECONDS = 60;

    private final TimeSource time;
    private final BenchFolder folder;
    private final Process gateway;
    private final int port;
    private final Vertx vertx = Vertx.vertx();

    private LogBenchmark(TimeSource time, BenchFolder folder, Process gateway, int port) {
        this.time = time;
        this.folder = folder;
        this.gateway = gateway;
        this.port = port;
    }

    /** Starts a gateway as a process of its own, with default settings, in a folder that goes with it. */
    public static LogBenchmark start(TimeSource time) throws IOException {
        BenchFolder folder = BenchFolder.create();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.fairlead.gateway.Fairlead",
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        folder.path().resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("FAIRLEAD_ADMIN_PASSWORD", PASSWORD);
        Process process = builder.start();
        try {
            String greeting = process.inputReader().readLine();
            if (greeting == null) {
                throw new IOException("The gateway to be measured did not start");
            }
            int port = Integer.parseInt(greeting.replaceFirst(".*:(\\d+).*", "$1"));
            LogBenchmark benchmark = new LogBenchmark(time, folder, process, port);
            benchmark.register();
            return benchmark;
        } catch (IOException | RuntimeException e) {
            end(process);
            folder.close();
            throw e;
        }
    }

    /** Lines at a rate, to so many watchers, for so long. */
    public LogFigures watchers(int watchers, int linesASecond, Duration length) throws IOException {
        Path log = folder.path().resolve("data/logs/" + AGENT + "/current.log");
        Files.createDirectories(log.getParent());
        LineLatency latency = new LineLatency(time);
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(watchers)
                .setMaxFrameSize(MOST_FRAME_BYTES)
                .setMaxMessageSize(MOST_FRAME_BYTES));
        try {
            for (int i = 0; i < watchers; i++) {
                boolean measured = i == 0;
                ClientWebSocket watcher = client.webSocket();
                watcher.textMessageHandler(frame -> latency.frame(frame, measured));
                done(watcher.connect(at("/ws/instances/" + AGENT + "/logs?backlog=0")));
            }
            LineWriter.write(time, log, linesASecond, WARM_UP, latency, watchers);
            latency.reset();
            long cpu = cpu(gateway);
            long began = time.nanos();
            long written = LineWriter.write(time, log, linesASecond, length, latency, watchers);
            double share = (cpu(gateway) - cpu) / (double) (time.nanos() - began);
            return latency.figures("gateway", watchers, linesASecond, written, share);
        } finally {
            done(client.close());
        }
    }

    /** The same lines to one {@code tail -F}. */
    public LogFigures tail(int linesASecond, Duration length) throws IOException {
        Path log = Files.createFile(folder.path().resolve("tail-" + linesASecond + ".log"));
        LineLatency latency = new LineLatency(time);
        Process tail = new ProcessBuilder("tail", "-n", "0", "-F", log.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Thread reader = new Thread(() -> tail.inputReader().lines().forEach(latency::line));
            reader.setDaemon(true);
            reader.start();
            LineWriter.write(time, log, linesASecond, WARM_UP, latency, 1);
            latency.reset();
            long cpu = cpu(tail);
            long began = time.nanos();
            long written = LineWriter.write(time, log, linesASecond, length, latency, 1);
            double share = (cpu(tail) - cpu) / (double) (time.nanos() - began);
            return latency.figures("tail -F", 1, linesASecond, written, share);
        } finally {
            tail.destroyForcibly();
        }
    }

    @Override
    public void close() {
        end(gateway);
        done(vertx.close());
        folder.close();
    }

    /** As a crash would, and waits: what still writes would write into a folder that is being deleted. */
    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }

    /** Makes the log known, by an agent that registers and goes. */
    private void register() {
        HttpClient http = vertx.createHttpClient();
        WebSocketClient client = vertx.createWebSocketClient();
        try {
            RequestOptions call = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setHost(LOOPBACK)
                    .setPort(port)
                    .setURI("/api/admin/tokens")
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Authorization", "Bearer " + PASSWORD);
            String token = done(http.request(call)
                            .compose(request -> request.send("{\"agent_name\":\"" + AGENT + "\"}"))
                            .compose(response -> response.body())
                            .map(body -> FrameCodec.tree(body.getBytes()).path("token")))
                    .asText();
            ClientWebSocket agent = client.webSocket();
            Promise<Void> registered = Promise.promise();
            agent.textMessageHandler(frame -> registered.tryComplete());
            done(agent.connect(at("/ws/agent").putHeader("Authorization", "Bearer " + token)));
            done(registered.future());
        } finally {
            // Held until here: a client that the garbage collector takes closes its connections.
            done(Future.all(http.close(), client.close()));
        }
    }

    private WebSocketConnectOptions at(String uri) {
        return new WebSocketConnectOptions().setHost(LOOPBACK).setPort(port).setURI(uri);
    }

    private static long cpu(Process process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The benchmark cannot go on", e);
        }
    }
}
