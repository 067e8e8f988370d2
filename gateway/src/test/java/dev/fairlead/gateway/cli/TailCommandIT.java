package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandIT {
    @TempDir
    Path folder;

    private RunningGateway gateway;
    private TestConsole console;
    private Path log;

    @BeforeEach
    void start() throws IOException {
        gateway = RunningGateway.start(folder.resolve("data"));
        WsClient agent = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("agent-1"));
        agent.next("token.state");
        console = new TestConsole(folder).with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port());
        log = Files.createDirectories(folder.resolve("data/logs/agent-1")).resolve("current.log");
        Files.writeString(log, "one\ntwo x\nthree\n");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_last_lines_are_printed() {
        assertThat(console.run("tail", "agent-1", "-n", "2")).isZero();

        assertThat(console.out()).isEqualTo("two x\nthree\n");
        assertThat(console.err()).isEmpty();
    }

    @Test
    void a_moment_and_times_are_as_of_other_tools_for_logs() throws IOException {
        assertThat(console.run("tail", "agent-1", "-t", "-n", "1")).isZero();
        assertThat(console.out()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z three\n");
        Instant before = Instant.parse(console.out().substring(0, 24));
        String middle = before.plusMillis(100).toString();
        await().until(() -> TimeSource.system().instant().isAfter(before.plusMillis(200)));
        Files.writeString(log, "four\nfive\nsix\n", StandardOpenOption.APPEND);

        assertThat(printed("--since", middle)).isEqualTo("four\nfive\nsix\n");
        assertThat(printed("--since", middle, "-n", "2")).isEqualTo("five\nsix\n");
        assertThat(printed("--at", middle, "-n", "2")).isEqualTo("four\nfive\n");
        assertThat(printed("--since", "1h", "--until", middle)).isEqualTo("one\ntwo x\nthree\n");
        assertThat(printed("--since", "1h", "--grep", "t")).isEqualTo("two x\nthree\n");
        assertThat(printed("--since", middle, "--output", "json", "-n", "1"))
                .matches("\\{\"time\":\"[^\"]+Z\",\"line\":\"six\"}\n");
    }

    @Test
    void all_logs_are_searched_and_a_bound_that_ends_it_is_told() {
        assertThat(console.run("logs", "search", "T", "--since", "1h")).isZero();
        assertThat(console.out().lines().map(line -> line.substring(25)))
                .containsExactly("agent-1 two x", "agent-1 three");
        assertThat(console.err()).isEmpty();
        gateway.close();
        gateway = RunningGateway.start(folder.resolve("data"), "logs.search_lines=1");
        TestConsole other = new TestConsole(folder).with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port());

        assertThat(other.run("logs", "search", "t", "-i", "agent-1", "--output", "json"))
                .isZero();
        assertThat(other.out())
                .contains("\"line\":\"two x\"", "\"truncated\":true")
                .doesNotContain("three");
        assertThat(other.err()).contains("logs.search_lines");
        assertThat(other.run("logs", "search", "--level", "loud")).isEqualTo(1);
        assertThat(other.err()).contains("'--level' is trace, debug");
    }

    @Test
    void a_moment_that_is_none_is_refused_with_what_is_one() {
        assertThat(console.run("tail", "agent-1", "--since", "teatime")).isEqualTo(2);
        assertThat(console.err()).contains("'teatime' is no moment", "15m");
        assertThat(console.run("tail", "agent-1", "--since", "1h", "--at", "1h"))
                .isEqualTo(2);
        assertThat(console.run("tail", "agent-1", "--until", "1h")).isEqualTo(2);
        assertThat(console.run("tail", "agent-1", "-f", "--at", "1h")).isEqualTo(2);
    }

    private String printed(String... options) {
        int before = console.out().length();
        List<String> command = new ArrayList<>(List.of("tail", "agent-1"));
        command.addAll(List.of(options));
        assertThat(console.run(command.toArray(String[]::new))).isZero();
        return console.out().substring(before);
    }

    @Test
    void lines_without_the_text_are_left_out() {
        assertThat(console.run("tail", "agent-1", "--grep", "o x")).isZero();

        assertThat(console.out()).isEqualTo("two x\n");
    }

    @Test
    void lines_of_several_logs_stand_behind_their_names_as_they_were_written() throws IOException {
        Path other = instance("web", "team", "shop");
        Files.writeString(other, "first\n");
        instance("lone", "team", "none");
        assertThat(console.run("tail", "web", "agent-1", "-n", "2")).isZero();
        assertThat(console.out().lines()).containsExactlyInAnyOrder("web     first", "agent-1 two x", "agent-1 three");
        Instant noted = TimeSource.system().instant();
        await().until(() -> TimeSource.system().instant().isAfter(noted.plusMillis(100)));
        Files.writeString(log, "four\n", StandardOpenOption.APPEND);
        assertThat(console.run("tail", "agent-1", "-n", "1")).isZero();
        await().until(() -> TimeSource.system().instant().isAfter(noted.plusMillis(300)));
        Files.writeString(other, "second\n", StandardOpenOption.APPEND);

        assertThat(printed("web", "--since", noted.toString())).isEqualTo("agent-1 four\nweb     second\n");
        assertThat(printed("web", "--since", noted.toString(), "-n", "1", "--grep", "o", "--output", "json")
                        .replaceAll("\"time\":\"[^\"]+\"", "T"))
                .isEqualTo("{\"name\":\"agent-1\",T,\"line\":\"four\"}\n{\"name\":\"web\",T,\"line\":\"second\"}\n");
        int before = console.out().length();
        assertThat(console.run("tail", "-l", "team=shop", "-n", "1")).isZero();
        assertThat(console.out().substring(before)).isEqualTo("web second\n");

        assertThat(console.run("tail", "-l", "team=nobody")).isEqualTo(1);
        assertThat(console.err()).contains("No instance is meant by 'team=nobody'");
        assertThat(console.run("tail")).isEqualTo(2);
        assertThat(console.run("tail", "web", "-l", "team=shop")).isEqualTo(2);
        assertThat(console.run("tail", "web", "nobody")).isEqualTo(1);
        assertThat(console.err()).contains("No instance or agent named 'nobody'");
    }

    @Test
    void several_logs_are_followed_until_all_of_them_have_ended() throws IOException {
        Path other = instance("web", "team", "shop");
        Files.writeString(other, "first\n");
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> console.run("tail", "agent-1", "web", "-f", "-n", "1"));
        await().until(() ->
                console.out().contains("agent-1 three") && console.out().contains("web     first"));
        Files.writeString(other, "second\n", StandardOpenOption.APPEND);
        await().until(() -> console.out().contains("web     second"));
        gateway.post("/api/instances/web/archive", "");
        await().until(() -> console.err().contains("web: the log ended: it is archived"));
        Files.writeString(log, "four\n", StandardOpenOption.APPEND);
        await().until(() -> console.out().contains("agent-1 four"));
        assertThat(exit).isNotDone();
        gateway.delete("/api/agents/agent-1");

        assertThat(exit.join()).isZero();
    }

    private Path instance(String name, String label, String value) throws IOException {
        assertThat(gateway.post(
                                "/api/instances",
                                "{\"name\":\"%s\",\"command\":[\"true\"],\"labels\":{\"%s\":\"%s\"}}"
                                        .formatted(name, label, value))
                        .status())
                .isEqualTo(201);
        return Files.createDirectories(folder.resolve("data/logs/" + name)).resolve("current.log");
    }

    @Test
    void an_unknown_name_fails_and_says_so() {
        assertThat(console.run("tail", "nobody")).isEqualTo(1);
        assertThat(console.err()).contains("No instance or agent named 'nobody'");
        assertThat(console.run("tail", "nobody", "-f")).isEqualTo(1);
    }

    @Test
    void new_lines_follow_until_the_log_ends() throws IOException {
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> console.run("tail", "agent-1", "-f", "-n", "1", "--since", "1h"));
        await().until(() -> console.out().contains("three"));
        Files.writeString(log, "four\n", StandardOpenOption.APPEND);
        await().until(() -> console.out().contains("four"));
        gateway.delete("/api/agents/agent-1");

        assertThat(exit.join()).isZero();
        assertThat(console.out()).isEqualTo("three\nfour\n");
        assertThat(console.err()).contains("the log ended: it is deleted");
    }
}
