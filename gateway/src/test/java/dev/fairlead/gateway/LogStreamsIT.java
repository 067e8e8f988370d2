package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs over real sockets of a real gateway. */
@ExtendWith(BlockedLoops.class)
class LogStreamsIT {
    private static final String STREAM = "/ws/instances/agent-1/logs";
    private static final String REST = "/api/instances/agent-1/logs";

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private WsClient agent;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        agent = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("agent-1"));
        agent.next("token.state");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Path current() throws IOException {
        Path log = Files.createDirectories(folder.resolve("data/logs/agent-1"));
        return log.resolve("current.log");
    }

    private void write(String text) throws IOException {
        Files.writeString(current(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private WsClient watch(String query) {
        return WsClient.connect(gateway.ws(STREAM + query));
    }

    private static List<String> lines(JsonNode frame) {
        List<String> lines = new ArrayList<>();
        frame.get("lines").forEach(line -> lines.add(line.textValue()));
        assertThat(frame.get("count").asInt()).isEqualTo(lines.size());
        assertThat(frame.get("cursor").asText()).isNotEmpty();
        return lines;
    }

    private static List<String> lines(WsClient watcher, int count) {
        List<String> all = new ArrayList<>();
        while (all.size() < count) {
            all.addAll(lines(watcher.next("lines")));
        }
        return all;
    }

    @Test
    void the_backlog_comes_first_then_each_line() throws IOException {
        write("one\ntwo\nthree\n");
        WsClient watcher = watch("?backlog=2");

        JsonNode first = watcher.next();
        assertThat(first.get("type").asText()).isEqualTo("backlog");
        assertThat(lines(first)).containsExactly("two", "three");
        write("four\n");
        assertThat(lines(watcher, 1)).containsExactly("four");
    }

    @Test
    void a_log_without_a_file_begins_empty_and_fills() throws IOException {
        WsClient watcher = watch("");
        assertThat(lines(watcher.next())).isEmpty();

        write("hello\n");
        assertThat(lines(watcher, 1)).containsExactly("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1001", "x", "", "1e2", "%2B5", "99999999999"})
    void a_backlog_out_of_bounds_is_refused(String backlog) {
        WsClient watcher = watch("?backlog=" + backlog);

        JsonNode error = watcher.next();
        assertThat(error.get("type").asText()).isEqualTo("error");
        assertThat(error.get("code").asText()).isEqualTo("bad_request");
        assertThat(watcher.closed().code()).isEqualTo(4400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "..", "%2e%2e", "..%2f..%2fsecrets", "Agent-1", "agent-1%00"})
    void a_name_that_is_unknown_is_refused(String name) {
        WsClient watcher = WsClient.connect(gateway.ws("/ws/instances/" + name + "/logs"));

        assertThat(watcher.next().get("code").asText()).isEqualTo("instance_not_found");
        assertThat(watcher.closed().code()).isEqualTo(4404);
    }

    @Test
    void a_cursor_resumes_without_loss_and_garbage_is_refused() throws IOException {
        write("a\n");
        WsClient watcher = watch("");
        String cursor = watcher.next().get("cursor").asText();
        watcher.close();
        write("b\nc\n");

        WsClient back = watch("?since=" + cursor);
        assertThat(lines(back, 2)).containsExactly("b", "c");
        WsClient garbage = watch("?since=garbage");
        assertThat(garbage.next().get("code").asText()).isEqualTo("bad_request");
        assertThat(garbage.closed().code()).isEqualTo(4400);
    }

    @Test
    void a_cursor_survives_a_restart_and_a_rename_meanwhile() throws IOException {
        write("a\n");
        WsClient watcher = watch("");
        String cursor = watcher.next().get("cursor").asText();
        gateway.close();
        write("b\n");
        Files.move(current(), current().resolveSibling("current.log.1"));
        write("c\n");
        gateway = RunningGateway.start(folder.resolve("data"));

        WsClient back = watch("?since=" + cursor);
        assertThat(lines(back.next())).containsExactly("b");
        assertThat(back.next().get("type").asText()).isEqualTo("rotated");
        assertThat(lines(back.next())).containsExactly("c");
    }

    @Test
    void a_filter_lets_pass_what_contains_the_text_literally() throws IOException {
        write("error a.c\nfine\nerror abc\n");
        WsClient watcher = watch("?grep=a.c");
        assertThat(lines(watcher.next())).containsExactly("error a.c");

        write("fine\nagain a.c\n");
        assertThat(lines(watcher, 1)).containsExactly("again a.c");
    }

    @Test
    void a_filter_looks_at_what_is_seen_in_any_case_and_takes_an_expression() throws IOException {
        write("\u001b[32mINFO\u001b[0m  plan ready\nwarn 17\nprogress 10%\rprogress 100%\n");
        assertThat(lines(watch("?grep=info%20%20plan").next())).hasSize(1);
        assertThat(lines(watch("?grep=info%20%20plan&case=sensitive").next())).isEmpty();
        assertThat(lines(watch("?grep=warn%20%5B0-9%5D%2B%24&grep_mode=regex").next()))
                .containsExactly("warn 17");
        assertThat(lines(watch("?grep=10%25").next())).isEmpty();
        assertThat(gateway.get("/api/instances/agent-1/logs?grep=%28&grep_mode=regex")
                        .status())
                .isEqualTo(400);
        assertThat(gateway.get("/api/instances/agent-1/logs?grep=WARN")
                        .body()
                        .get("count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void rename_and_truncation_are_told() throws IOException {
        write("a\n");
        WsClient watcher = watch("");
        watcher.next();
        Files.move(current(), current().resolveSibling("current.log.1"));
        write("b\n");
        watcher.next("rotated");
        assertThat(lines(watcher, 1)).containsExactly("b");

        Files.writeString(current(), "", StandardOpenOption.TRUNCATE_EXISTING);
        watcher.next("rotated");
        write("c\n");
        assertThat(lines(watcher, 1)).containsExactly("c");
    }

    @Test
    void an_unfinished_line_is_told_after_a_while() throws IOException {
        WsClient watcher = watch("");
        watcher.next();
        write("prompt> ");
        assertThat(lines(watcher, 1)).containsExactly("prompt> ");
        write("\nnext\n");
        assertThat(lines(watcher, 1)).containsExactly("next");
    }

    @Test
    void many_watchers_get_every_line_in_order() throws IOException {
        List<WsClient> watchers =
                IntStream.range(0, 10).mapToObj(i -> watch("?backlog=0")).toList();
        watchers.forEach(WsClient::next);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 25; j++) {
                expected.add("line " + i + "." + j);
                text.append("line ").append(i).append('.').append(j).append('\n');
            }
            write(text.toString());
        }

        for (WsClient watcher : watchers) {
            assertThat(lines(watcher, expected.size())).isEqualTo(expected);
        }
    }

    /** A client that takes nothing until it is told to. */
    private static final class LazyReader implements WebSocket.Listener {
        private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
        private final StringBuilder partial = new StringBuilder();
        private volatile WebSocket socket;

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                FrameCodec.tree(partial.toString()).path("lines").forEach(line -> seen.add(line.textValue()));
                partial.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    void a_reader_that_lags_gets_every_line_and_keeps_nobody_waiting() throws IOException {
        LazyReader lazy = new LazyReader();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(gateway.ws(STREAM + "?backlog=0"), lazy)
                .join();
        WsClient healthy = watch("?backlog=0");
        healthy.next();
        String filling = " ".repeat(1_000);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) { // 30 MB: far more than sockets and outbox hold
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 100; j++) {
                String line = "line " + expected.size() + filling;
                expected.add(line);
                text.append(line).append('\n');
            }
            write(text.toString());
        }
        assertThat(lines(healthy, expected.size())).isEqualTo(expected);

        lazy.socket.request(1);
        await().atMost(Duration.ofSeconds(30)).until(() -> lazy.seen.size() >= expected.size());
        assertThat(List.copyOf(lazy.seen)).isEqualTo(expected);
    }

    @Test
    void an_agent_appends_its_own_lines() {
        WsClient watcher = watch("");
        watcher.next();
        agent.send(
                "{\"subject\":\"log.append\",\"reply\":\"inbox.1\",\"data\":{\"lines\":[\"hello\",\"two\\nin one\"]}}");

        assertThat(agent.next("inbox.1").get("data").get("count").asInt()).isEqualTo(2);
        assertThat(lines(watcher, 3)).containsExactly("hello", "two", "in one");
    }

    @Test
    void those_who_watch_a_removed_agent_are_told_and_closed() throws IOException {
        write("a\n");
        WsClient watcher = watch("");
        watcher.next();
        gateway.delete("/api/agents/agent-1");

        JsonNode last = watcher.next("ended");
        assertThat(last.get("reason").asText()).isEqualTo("deleted");
        assertThat(watcher.closed().code()).isEqualTo(1000);
    }

    @Test
    void rest_pages_backwards() throws IOException {
        write(String.join(
                        "\n", IntStream.range(0, 250).mapToObj(i -> "line " + i).toList()) + "\n");

        JsonNode latest = gateway.get(REST).body();
        assertThat(lines(latest)).hasSize(100).startsWith("line 150").endsWith("line 249");
        JsonNode older = gateway.get(
                        REST + "?lines=200&before=" + latest.get("cursor").asText())
                .body();
        assertThat(lines(older)).hasSize(150).startsWith("line 0").endsWith("line 149");
        JsonNode oldest =
                gateway.get(REST + "?before=" + older.get("cursor").asText()).body();
        assertThat(lines(oldest)).isEmpty();

        assertThat(gateway.get(REST + "?lines=1001").status()).isEqualTo(400);
        assertThat(gateway.get(REST + "?before=garbage").status()).isEqualTo(400);
        assertThat(gateway.get("/api/instances/nobody/logs").status()).isEqualTo(404);
    }

    @Test
    void each_line_has_its_time_and_a_moment_is_found() throws Exception {
        Instant begun = Instant.now();
        write("one\ntwo\n");
        WsClient watcher = watch("");
        JsonNode first = watcher.next();
        assertThat(times(first)).hasSize(2).allMatch(at -> !at.isBefore(begun.minusMillis(20)));
        await().until(() -> Instant.now().isAfter(begun.plusMillis(100)));
        Instant middle = Instant.now();
        write("three\n");
        JsonNode second = watcher.next("lines");
        assertThat(times(second)).hasSize(1).allMatch(at -> at.isAfter(middle.minusMillis(20)));

        JsonNode page = gateway.get(REST).body();
        assertThat(times(page))
                .containsExactly(
                        times(first).get(0), times(first).get(1), times(second).get(0));
        JsonNode from = gateway.get(REST + "?at=" + middle).body();
        assertThat(lines(from)).containsExactly("three");
        assertThat(from.get("more").booleanValue()).isFalse();
        JsonNode on = gateway.get(REST + "?lines=1&after="
                        + gateway.get(REST + "?lines=2").body().get("cursor").asText())
                .body();
        assertThat(lines(on)).containsExactly("two");
        assertThat(on.get("more").booleanValue()).isTrue();
        assertThat(lines(gateway.get(REST + "?after=" + on.get("end").asText()).body()))
                .containsExactly("three");
        assertThat(lines(gateway.get(REST + "?at=2999-01-01T00:00:00%2B01:00").body()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at=yesterday",
                "at=2026-01-01",
                "at=1767225600",
                "after=garbage",
                "at=2026-01-01T00:00:00Z&after=x"
            })
    void a_place_that_is_none_is_refused_by_its_name(String query) {
        RunningGateway.Reply answer = gateway.get(REST + "?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/error/message").asText()).containsAnyOf("'at'", "not a cursor");
    }

    private static List<Instant> times(JsonNode frame) {
        List<Instant> times = new ArrayList<>();
        frame.get("times").forEach(at -> times.add(Instant.parse(at.textValue())));
        assertThat(times).hasSize(frame.get("count").asInt());
        return times;
    }
}
