package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Logs as a whole: searched, and downloaded as they are filtered. */
@ExtendWith(BlockedLoops.class)
class LogSearchIT {
    private static final String REST = "/api/instances/agent-1/logs";

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        registered("agent-1");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void registered(String name) {
        WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken(name))
                .next("token.state");
    }

    private Path current() throws IOException {
        Path log = Files.createDirectories(folder.resolve("data/logs/agent-1"));
        return log.resolve("current.log");
    }

    private void write(String text) throws IOException {
        Files.writeString(current(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void all_logs_are_searched_by_what_is_seen_and_how_severe_it_is() throws IOException {
        registered("agent-2");
        write(
                "2026-01-01 INFO  plan made\n\u001b[31mERR\u001b[0mOR: plan failed\n{\"level\":40,\"msg\":\"Plan B\"}\nelse\n");
        Files.move(current(), current().resolveSibling("current.log.1"));
        write("level=debug plan c\n");
        Path second = Files.createDirectories(folder.resolve("data/logs/agent-2"));
        Files.writeString(second.resolve("current.log"), "x".repeat(2_000_000) + " plan d\nlast PLAN");

        assertThat(search("q=plan"))
                .containsExactly(
                        "agent-1 info 2026-01-01 INFO  plan made",
                        "agent-1 error \u001b[31mERR\u001b[0mOR: plan failed",
                        "agent-1 warn {\"level\":40,\"msg\":\"Plan B\"}",
                        "agent-1 debug level=debug plan c",
                        "agent-2 null " + "x".repeat(2_000_000 % (64 * 1024)) + " plan d",
                        "agent-2 null last PLAN",
                        "done false");
        assertThat(search("q=ERROR:%20plan&case=sensitive")).hasSize(2);
        assertThat(search("level=warn&instances=agent-1")).hasSize(3).last().isEqualTo("done false");
        assertThat(search("q=plan%20%5Bcd%5D&grep_mode=regex")).hasSize(3);
        assertThat(search("q=plan&until=2001-01-01T00:00:00Z&instances=agent-2"))
                .containsExactly("done false");
        assertThat(search("q=plan&since=2999-01-01T00:00:00Z")).containsExactly("done false");
        assertThat(gateway.post(
                                "/api/instances",
                                "{\"name\":\"labelled\",\"command\":[\"true\"],\"labels\":{\"team\":\"logs\"}}")
                        .status())
                .isEqualTo(201);
        Files.writeString(
                Files.createDirectories(folder.resolve("data/logs/labelled")).resolve("current.log"), "plan e\n");
        assertThat(search("q=plan&selector=team%3Dlogs")).containsExactly("labelled null plan e", "done false");
        assertThat(search("q=plan&selector=team%3Dnone")).containsExactly("done false");
        for (String bad : List.of(
                "level=loud",
                "since=now",
                "q=(&grep_mode=regex",
                "instances=..",
                "selector=%2Cteam",
                "instances=agent-1&selector=team")) {
            assertThat(gateway.get("/api/logs/search?" + bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(gateway.get("/api/logs/search?instances=nobody").status()).isEqualTo(404);
    }

    /** What was found, one by one: whose, how severe, the line. */
    private List<String> search(String query) {
        return gateway.get("/api/logs/search?" + query)
                .raw()
                .body()
                .lines()
                .filter(line -> !line.isEmpty())
                .map(FrameCodec::tree)
                .map(found -> found.has("done")
                        ? "done " + found.get("truncated")
                        : found.get("instance").asText() + " "
                                + found.get("level").asText() + " "
                                + found.get("line").asText())
                .toList();
    }

    @Test
    void a_download_has_the_lines_that_are_wanted() throws IOException {
        write("INFO  one\n\u001b[31mERROR\u001b[0m two\n");
        Files.move(current(), current().resolveSibling("current.log.1"));
        StringBuilder many = new StringBuilder();
        IntStream.range(0, 20_000)
                .forEach(i -> many.append("DEBUG of the others ").append(i).append('\n'));
        write(many + "WARN  three\nlast One");

        assertThat(downloaded("grep=one")).isEqualTo("INFO  one\nlast One\n");
        assertThat(downloaded("grep=one&case=sensitive")).isEqualTo("INFO  one\n");
        assertThat(downloaded("grep=%5BEW%5D%5BRA%5D.*%20t&grep_mode=regex"))
                .isEqualTo("\u001b[31mERROR\u001b[0m two\nWARN  three\n");
        assertThat(downloaded("level=warn")).isEqualTo("\u001b[31mERROR\u001b[0m two\nWARN  three\n");
        assertThat(downloaded("grep=of%20the%20others").lines()).hasSize(20_000);
        assertThat(downloaded("grep=nowhere")).isEmpty();
        assertThat(downloaded("until=2001-01-01T00:00:00Z&level=trace")).isEmpty();
        for (String bad : List.of("grep=(&grep_mode=regex", "level=loud", "since=now", "case=maybe")) {
            assertThat(gateway.get(REST + "/download?" + bad).status()).as(bad).isEqualTo(400);
        }
    }

    private String downloaded(String query) {
        return gateway.get(REST + "/download?" + query).raw().body();
    }

    @Test
    void the_download_is_the_file() throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 50_000).forEach(i -> text.append("line ").append(i).append('\n'));
        write(text.toString());

        RunningGateway.Reply reply = gateway.get(REST + "/download");

        assertThat(reply.raw().body()).isEqualTo(text.toString());
        assertThat(reply.raw().headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"agent-1.log\"");
        assertThat(gateway.get("/api/instances/nobody/logs/download").status()).isEqualTo(404);
    }
}
