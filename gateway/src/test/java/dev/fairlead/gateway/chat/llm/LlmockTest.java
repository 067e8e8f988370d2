package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against an implementation of OpenAI's API that is none of ours, llmock from PyPI: what we take for the protocol is
 * what others take for it. It also judges us: a client that retries too early, or what it must not, is reported.
 */
@Tag("slow")
class LlmockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String REMEDY =
            "python3 -m venv gateway/target/llmock && gateway/target/llmock/bin/pip install llmock==0.2.2,"
                    + " with gateway/target/llmock/bin on the PATH";

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedTurn turn = new ScriptedTurn("Which instances are there, friend?");
    private Process server;
    private int port;

    @AfterEach
    void close() throws Exception {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void its_stream_is_understood() throws IOException {
        serve("--response-style", "echo", "--tool-mode", "off", "--stream-chunk-delay-ms", "2");
        ChatAgent.Answer answer = run().result();
        assertThat(answer.fullResponse()).contains("You said: You are the assistant within Fairlead");
        assertThat(turn.text()).isEqualTo(answer.fullResponse());
        assertThat(turn.chunks).hasSizeGreaterThan(3);
        assertThat(answer.usage()).hasValueSatisfying(usage -> {
            assertThat(usage.inputTokens()).isPositive();
            assertThat(usage.outputTokens()).isPositive();
        });
        assertThat(verdict()).isZero();
    }

    @Test
    void its_tool_calls_are_made_and_answered() throws IOException {
        serve();
        assertThat(run().result().fullResponse()).isNotBlank();
        assertThat(turn.called)
                .isNotEmpty()
                .allMatch(call -> call.startsWith("list_instances{") || call.startsWith("stop_instance{"));
        assertThat(verdict()).isZero();
    }

    @Test
    void what_passes_is_tried_again_as_it_wants_it() throws IOException {
        serve("--error-rate", "429=1");
        FairleadException failure = (FairleadException) run().cause();
        assertThat(failure.code()).isEqualTo(ErrorCode.CHAT_PROVIDER_ERROR);
        assertThat(failure).hasMessageContaining("429");
        assertThat(turn.phases).hasSize(2).containsOnly("retrying");
        assertThat(verdict()).isZero();
    }

    @Test
    void a_key_it_refuses_is_an_auth_error() throws IOException {
        serve("--error-rate", "401=1");
        assertThat(((FairleadException) run().cause()).code()).isEqualTo(ErrorCode.CHAT_AUTH_ERROR);
        assertThat(turn.phases).isEmpty();
        assertThat(verdict()).isZero();
    }

    @Test
    void a_conversation_too_long_for_it_says_so() throws IOException {
        serve("--context-window", "16");
        assertThat(run().cause()).hasMessageContaining("longer than the model takes");
        assertThat(verdict()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"disconnect", "truncate", "malformed", "stall"})
    void a_stream_it_breaks_is_never_taken_for_an_answer(String fault) throws IOException {
        serve("--tool-mode", "off", "--stream-fault", fault + "=1", "--stream-stall-seconds", "30");
        assertThat(run("llm.idle_timeout=1s").cause())
                .isInstanceOfSatisfying(FairleadException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CHAT_PROVIDER_ERROR));
        // No verdict: it would rather see a retry, but half an answer was shown by then; unless the broken connection
        // took
        // with it what had been said.
        assertThat(turn.askedAgainAfterText).isFalse();
    }

    private void serve(String... options) throws IOException {
        Path program = Tools.require("llmock", REMEDY);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "serve", "--host", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(Arrays.asList(options));
        server = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().atMost(PATIENCE).until(() -> {
            assertThat(server.isAlive()).isTrue();
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private Future<ChatAgent.Answer> run(String... more) {
        List<String> settings = new ArrayList<>(
                List.of("llm.base_url=http://127.0.0.1:" + port, "llm.model=gpt-4o", "llm.api_key=sk-test"));
        settings.addAll(Arrays.asList(more));
        Promise<ChatAgent.Answer> result = Promise.promise();
        vertx.runOnContext(ignored -> new LlmAgent(
                        vertx,
                        TimeSource.system(),
                        Settings.of(settings.toArray(String[]::new)).llm(),
                        registry,
                        Spending.UNBOUNDED)
                .run(turn)
                .onComplete(result));
        Future<ChatAgent.Answer> answer = result.future();
        await().atMost(PATIENCE).until(answer::isComplete);
        return answer;
    }

    /** What it thinks of us: 0 where nothing is wrong. */
    private int verdict() throws IOException {
        Process report = new ProcessBuilder(
                        Tools.require("llmock", REMEDY).toString(),
                        "report",
                        "--strict",
                        "--url",
                        "http://127.0.0.1:" + port)
                .redirectErrorStream(true)
                .start();
        String said = new String(report.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = report.onExit().join().exitValue();
        if (exit != 0) {
            throw new AssertionError("llmock reports: " + said);
        }
        return exit;
    }
}
