package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No line is lost or doubled for one who comes back with a cursor, whatever happens to files and gateway. */
@Tag("slow")
@Timeout(600)
class LogPromisesIT {
    private static final String STREAM = "/ws/instances/agent-1/logs";
    private static final int LINES_A_TICK = 100;
    private static final int TICK_MS = 20;

    @TempDir
    Path folder;

    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger written = new AtomicInteger();

    @AfterEach
    void stop() {
        writer.shutdownNow();
    }

    private Path current() throws IOException {
        return Files.createDirectories(folder.resolve("data/logs/agent-1")).resolve("current.log");
    }

    /** 5,000 lines a second. */
    private void tick() {
        StringBuilder text = new StringBuilder();
        int first = written.get();
        IntStream.range(first, first + LINES_A_TICK)
                .forEach(i -> text.append("line number ").append(i).append('\n'));
        try {
            Files.writeString(current(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written.addAndGet(LINES_A_TICK);
    }

    private static List<String> expected(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line number " + i).toList();
    }

    /** Watches, loses its connection every now and then, and comes back with the cursor it had. */
    private static List<String> follow(URI stream, String beginning, int total, Random random) {
        List<String> seen = new ArrayList<>();
        String query = "?since=" + beginning;
        while (seen.size() < total) {
            try {
                WsClient client = WsClient.connect(URI.create(stream + query));
                for (int frames = random.nextInt(40); frames >= 0 && seen.size() < total; frames--) {
                    JsonNode frame = client.next();
                    frame.path("lines").forEach(line -> seen.add(line.textValue()));
                    if (frame.hasNonNull("cursor")) {
                        query = "?since=" + frame.get("cursor").asText();
                    }
                }
                client.abort();
            } catch (CompletionException | AssertionError away) {
                // The gateway is not there: the next attempt finds it.
            }
        }
        return seen;
    }

    private static void register(int port) {
        String token = token(port);
        WsClient agent = WsClient.connect(
                URI.create("ws://127.0.0.1:" + port + "/ws/agent"), "Authorization", "Bearer " + token);
        agent.next("token.state");
        agent.close();
    }

    private static String token(int port) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/admin/tokens"))
                    .header("Authorization", "Bearer " + RunningGateway.PASSWORD)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"agent_name\":\"agent-1\"}"))
                    .build();
            String answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            return FrameCodec.tree(answer).get("token").asText();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A cursor at the very beginning. */
    private static String beginning(URI stream) {
        WsClient first = WsClient.connect(stream);
        String cursor = first.next("backlog").get("cursor").asText();
        first.close();
        return cursor;
    }

    @Test
    void fifty_renames_at_5000_lines_a_second_lose_and_double_nothing() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            register(gateway.port());
            int total = 50 * 10 * LINES_A_TICK;
            List<CompletableFuture<List<String>>> followers = new ArrayList<>();
            URI stream = gateway.ws(STREAM);
            String beginning = beginning(stream);
            for (int i = 0; i < 4; i++) {
                Random random = new Random(i);
                followers.add(CompletableFuture.supplyAsync(
                        () -> follow(stream, beginning, total, random), runnable -> new Thread(runnable).start()));
            }
            AtomicInteger ticks = new AtomicInteger();
            ScheduledFuture<?> writing = writer.scheduleAtFixedRate(
                    () -> {
                        if (written.get() < total) {
                            int tick = ticks.incrementAndGet();
                            if (tick % 10 == 0) {
                                rename(tick / 10);
                            }
                            tick();
                        }
                    },
                    1_000,
                    TICK_MS,
                    TimeUnit.MILLISECONDS);

            for (CompletableFuture<List<String>> follower : followers) {
                assertThat(follower.get(240, TimeUnit.SECONDS)).isEqualTo(expected(total));
            }
            writing.cancel(false);
            assertThat(ticks.get() / 10).isGreaterThanOrEqualTo(50);
        }
    }

    private void rename(int number) {
        try {
            Files.move(current(), current().resolveSibling("current.log." + number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_gateway_killed_while_it_tails_and_rotates_loses_and_doubles_nothing() throws Exception {
        int port = freePort();
        int total = 100_000;
        Process gateway = serve(port);
        try {
            register(port);
            URI stream = URI.create("ws://127.0.0.1:" + port + STREAM);
            String beginning = beginning(stream);
            CompletableFuture<List<String>> follower = CompletableFuture.supplyAsync(
                    () -> follow(stream, beginning, total, new Random(1)), runnable -> new Thread(runnable).start());
            ScheduledFuture<?> writing = writer.scheduleAtFixedRate(
                    () -> {
                        if (written.get() < total) {
                            tick();
                        }
                    },
                    1_000,
                    TICK_MS,
                    TimeUnit.MILLISECONDS);
            Random random = new Random(2);
            while (written.get() < total && !writing.isDone()) {
                boolean unused = gateway.waitFor(500 + random.nextInt(3_000), TimeUnit.MILLISECONDS);
                int killed = gateway.destroyForcibly().waitFor();
                assertThat(killed).isNotZero();
                gateway = serve(port);
            }

            assertThat(follower.get(240, TimeUnit.SECONDS)).isEqualTo(expected(total));
        } finally {
            gateway.destroyForcibly();
        }
    }

    private Process serve(int port) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-jar",
                        Path.of("target", "fairlead.jar").toAbsolutePath().toString(),
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--set",
                        "logs.rotate_size=64KiB",
                        "--set",
                        "logs.rotate_keep=100")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("serve.txt").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        builder.environment().putAll(Map.of("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD));
        Process process = builder.start();
        while (!listens(port)) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new AssertionError(Files.readString(folder.resolve("serve.txt")));
            }
        }
        return process;
    }

    private static boolean listens(int port) {
        try {
            return WsClient.refusal(URI.create("ws://127.0.0.1:" + port + "/ws/events")) == 101;
        } catch (CompletionException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
