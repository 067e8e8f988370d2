package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead chat} with something else than a person at its stdin. */
class ChatCommandIT {
    @TempDir
    Path folder;

    private RunningGateway gateway;
    private TestConsole console;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        console = new TestConsole(folder).with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_question_from_a_pipe_is_answered_and_that_is_all() {
        assertThat(console.typing("what is running?\n").run("chat")).isZero();

        assertThat(console.out()).containsIgnoringCase("no instance");
        assertThat(console.err()).contains("→ list_instances", "go on later with");
    }

    @Test
    void more_lines_than_a_session_lets_wait_are_all_answered() {
        String lines = IntStream.range(0, 30).mapToObj(i -> "/help\n").collect(Collectors.joining());

        assertThat(console.typing(lines).run("chat")).isZero();

        assertThat(console.err()).doesNotContain("SESSION_BUSY");
        assertThat(console.out().split("/instances", -1)).hasSizeGreaterThan(30);
    }

    @Test
    void a_call_that_waits_is_decided_by_the_next_line() {
        assertThat(console.typing("/confirm a\ny\n/confirm b\nn\n").run("chat")).isZero();

        assertThat(console.err()).contains("order_not_found").contains("denied");
    }

    @Test
    void a_call_that_nobody_is_left_to_decide_on_is_denied() {
        assertThat(console.typing("/confirm a\n").run("chat")).isZero();

        assertThat(console.err()).contains("nobody is there to say y: denied");
    }

    @Test
    void a_line_that_is_no_answer_denies_and_is_the_next_message() {
        assertThat(console.typing("/confirm a\n/help\n").run("chat")).isZero();

        assertThat(console.err()).contains("that is neither y nor n: denied");
        assertThat(console.out()).contains("/instances");
    }

    @Test
    void a_message_that_is_too_long_is_refused_and_the_next_one_asked() {
        String refused = "x".repeat(70_000);
        String impossible = "x".repeat(300_000);

        assertThat(console.typing(refused + "\n" + impossible + "\n/help\n").run("chat"))
                .isZero();

        assertThat(console.err()).contains("AGENT_ERROR", "larger than the gateway takes (ws.max_message)");
        assertThat(console.out()).contains("/instances");
    }

    @Test
    void a_last_message_that_fails_is_a_failure() {
        new Agents(gateway).permanentToken("absent");
        assertThat(console.typing("hello\n").run("chat", "--agent", "agent:absent"))
                .isEqualTo(1);
        assertThat(console.err()).contains("AGENT_ERROR: Agent 'absent' is not connected");
    }

    @Test
    void an_agent_that_there_is_not_ends_it() {
        assertThat(console.typing("hello\n").run("chat", "--agent", "nobody")).isEqualTo(1);
        assertThat(console.err()).contains("AGENT_INIT_FAILED", "closed with 1011");
    }

    @Test
    void a_session_is_gone_on_with() {
        console.typing("/help\n").run("chat", "--session", "my-session");
        assertThat(console.typing("/agents\n").run("chat", "--session", "my-session"))
                .isZero();

        assertThat(console.err()).contains("session my-session, 2 messages so far");
    }

    @Test
    void a_gateway_that_was_never_there_is_not_waited_for() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            console.with("FAIRLEAD_URL", "http://127.0.0.1:" + free.getLocalPort());
        }

        assertThat(console.typing("hello\n").run("chat", "--session", "mine")).isEqualTo(3);
        assertThat(console.typing("hello\n")
                        .with("FAIRLEAD_ADMIN_PASSWORD", "x")
                        .run("chat"))
                .isEqualTo(3);
        assertThat(console.err()).contains("Cannot reach the gateway at http://127.0.0.1:");
    }

    @Test
    void a_wrong_password_is_unauthorised() {
        console.with("FAIRLEAD_ADMIN_PASSWORD", "c4n4ry");

        assertThat(console.typing("hello\n").run("chat")).isEqualTo(4);
        assertThat(console.err()).doesNotContain("c4n4ry");
    }
}
