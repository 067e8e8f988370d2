package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long a line takes from the write of the process that logs it to the socket of who watches, and what that costs;
 * coreutils' {@code tail -F} on the same lines beside it.
 */
public final class LogBenchmark implements AutoCloseable {
    private static final String AGENT = "bench-log";
    private static final String PASSWORD = "bench-log-password";

    private final Vertx vertx = Vertx.vertx();
    private final TimeSource time;
    private final Path folder;
    private final Process gateway;
    private final int port;

    private LogBenchmark(TimeSource time, Path folder, Process gateway, int port) {
        this.time = time;
        this.folder = folder;
        this.gateway = gateway;
        this.port = port;
    }

    /** Starts a gateway as a process of its own, with default settings, in {@code folder}. */
    public static LogBenchmark start(TimeSource time, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.fairlead.gateway.Fairlead",
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("FAIRLEAD_ADMIN_PASSWORD", PASSWORD);
        Process process = builder.start();
        String greeting = process.inputReader().readLine();
        if (greeting == null) {
            throw new IOException("The gateway to be measured did not start");
        }
        int port = Integer.parseInt(greeting.replaceFirst(".*:(\\d+).*", "$1"));
        LogBenchmark benchmark = new LogBenchmark(time, folder, process, port);
        benchmark.register();
        return benchmark;
    }

    /** Lines at a rate, to so many watchers, for so long. */
    public LogFigures watchers(int watchers, int linesASecond, Duration length) throws IOException {
        Path log = folder.resolve("logs/" + AGENT + "/current.log");
        Files.createDirectories(log.getParent());
        LineLatency latency = new LineLatency(time);
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            boolean measured = i == 0;
            sockets.add(done(vertx.createWebSocketClient(new WebSocketClientOptions()
                            .setMaxFrameSize(4 << 20)
                            .setMaxMessageSize(4 << 20))
                    .connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(port)
                            .setURI("/ws/instances/" + AGENT + "/logs?backlog=0"))));
            sockets.get(i).textMessageHandler(frame -> latency.frame(frame, measured));
        }
        LineWriter.write(time, log, linesASecond, Duration.ofSeconds(2), latency); // warm-up
        latency.reset();
        long cpu = cpu(gateway);
        long began = time.nanos();
        long written = LineWriter.write(time, log, linesASecond, length, latency);
        double share = (cpu(gateway) - cpu) / (double) (time.nanos() - began);
        sockets.forEach(socket -> done(socket.close()));
        return latency.figures("gateway", watchers, linesASecond, written, share);
    }

    /** The same lines to one {@code tail -F}. */
    public LogFigures tail(int linesASecond, Duration length) throws IOException {
        Path log = Files.createFile(folder.resolve("tail-" + linesASecond + ".log"));
        LineLatency latency = new LineLatency(time);
        Process tail = new ProcessBuilder("tail", "-n", "0", "-F", log.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Thread reader = new Thread(() -> tail.inputReader().lines().forEach(latency::line));
            reader.setDaemon(true);
            reader.start();
            LineWriter.write(time, log, linesASecond, Duration.ofSeconds(2), latency);
            latency.reset();
            long cpu = cpu(tail);
            long began = time.nanos();
            long written = LineWriter.write(time, log, linesASecond, length, latency);
            double share = (cpu(tail) - cpu) / (double) (time.nanos() - began);
            return latency.figures("tail -F", 1, linesASecond, written, share);
        } finally {
            tail.destroyForcibly();
        }
    }

    @Override
    public void close() {
        gateway.destroyForcibly();
        done(vertx.close());
    }

    private void register() {
        RequestOptions call = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/api/admin/tokens")
                .putHeader("Content-Type", "application/json")
                .putHeader("Authorization", "Bearer " + PASSWORD);
        String token = done(vertx.createHttpClient()
                        .request(call)
                        .compose(request -> request.send("{\"agent_name\":\"" + AGENT + "\"}"))
                        .compose(response -> response.body())
                        .map(body -> FrameCodec.tree(body.getBytes()).path("token")))
                .asText();
        WebSocket agent = done(vertx.createWebSocketClient()
                .connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/ws/agent")
                        .putHeader("Authorization", "Bearer " + token)));
        Promise<Void> registered = Promise.promise();
        agent.textMessageHandler(frame -> registered.tryComplete());
        done(registered.future());
    }

    private static long cpu(Process process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The benchmark cannot go on", e);
        }
    }
}
