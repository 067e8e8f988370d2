package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    void lines_without_the_text_are_left_out() {
        assertThat(console.run("tail", "agent-1", "--grep", "o x")).isZero();

        assertThat(console.out()).isEqualTo("two x\n");
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
                CompletableFuture.supplyAsync(() -> console.run("tail", "agent-1", "-f", "-n", "1"));
        await().until(() -> console.out().contains("three"));
        Files.writeString(log, "four\n", StandardOpenOption.APPEND);
        await().until(() -> console.out().contains("four"));
        gateway.delete("/api/agents/agent-1");

        assertThat(exit.join()).isZero();
        assertThat(console.out()).isEqualTo("three\nfour\n");
        assertThat(console.err()).contains("the log ended: it is deleted");
    }
}
