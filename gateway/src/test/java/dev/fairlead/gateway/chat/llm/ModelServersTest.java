package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.gateway.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against two more servers of OpenAI's API that are none of ours: fakellm from PyPI, mock-llm from npm. */
@Tag("slow")
class ModelServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FAKELLM =
            "python3 -m venv gateway/target/llmock && gateway/target/llmock/bin/pip install"
                    + " fakellm==0.3.5, with gateway/target/llmock/bin on the PATH";
    private static final String MOCK_LLM = "npm install --prefix gateway/target/mock-llm @dwmkerr/mock-llm@0.1.29, with"
            + " gateway/target/mock-llm/node_modules/.bin on the PATH";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path folder;

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
    void fakellm_has_its_calls_made_and_is_told_what_came_of_them() throws IOException {
        Path settings = Files.writeString(folder.resolve("fakellm.yaml"), """
                version: 1
                rules:
                  - name: answer
                    when: {tool_result_contains: "output of list_instances"}
                    respond: {content: "There are none, as your output says."}
                  - name: call
                    when: {messages_contain: "Which instances"}
                    respond: {tool_calls: [{name: list_instances, arguments: {archived: true}}]}
                """);
        port = freePort();
        start(
                Map.of(),
                Tools.require("fakellm", FAKELLM).toString(),
                "serve",
                "--port",
                "" + port,
                "--config",
                "" + settings);
        ScriptedTurn turn = new ScriptedTurn("Which instances are there?");
        assertThat(run(turn).result().fullResponse()).isEqualTo("There are none, as your output says.");
        assertThat(turn.called).containsExactly("list_instances{\"archived\":true}");
        assertThat(turn.chunks).hasSizeGreaterThan(1);
    }

    @Test
    void mock_llm_is_understood_though_its_last_piece_is_the_end_as_well() throws IOException {
        mockLlm();
        ScriptedTurn turn = new ScriptedTurn("good day");
        assertThat(run(turn).result().fullResponse()).isEqualTo("You said good day");
        assertThat(turn.text()).isEqualTo("You said good day");
    }

    @Test
    void mock_llms_refusal_in_a_stream_is_told_once_in_its_own_words() throws IOException {
        mockLlm();
        ScriptedTurn turn = new ScriptedTurn("refuse me");
        assertThat(run(turn).cause()).hasMessageContaining("Not today, says the mock");
        assertThat(turn.phases).isEmpty();
    }

    private void mockLlm() throws IOException {
        Files.writeString(folder.resolve("mock-llm.yaml"), """
                streaming: {chunkSize: 7, chunkIntervalMs: 2}
                rules:
                  - path: "/v1/chat/completions"
                    match: "@"
                    response:
                      status: 200
                      content: |
                        {"id":"x","object":"chat.completion","model":"m","choices":[{"message":{"role":"assistant",
                        "content":"You said {{jmes request body.messages[-1].content}}"},"finish_reason":"stop"}]}
                  - path: "/v1/chat/completions"
                    match: "contains(body.messages[-1].content, 'refuse')"
                    response:
                      status: 400
                      content: |
                        {"error":{"message":"Not today, says the mock"}}
                """);
        port = freePort();
        start(Map.of("PORT", "" + port), Tools.require("mock-llm", MOCK_LLM).toString());
    }

    private void start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(environment);
        server = builder.start();
        await().atMost(PATIENCE).until(() -> {
            assertThat(server.isAlive())
                    .as(Files.readString(folder.resolve("log")))
                    .isTrue();
            try (Socket probe = new Socket(InetAddress.getByName("localhost"), port)) {
                return probe.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private Future<ChatAgent.Answer> run(ScriptedTurn turn) {
        Settings.Llm settings = Settings.of("llm.base_url=http://localhost:" + port + "/v1", "llm.model=m")
                .llm();
        Promise<ChatAgent.Answer> result = Promise.promise();
        vertx.runOnContext(ignored -> new LlmAgent(
                        vertx, TimeSource.system(), settings, new SimpleMeterRegistry(), Spending.UNBOUNDED)
                .run(turn)
                .onComplete(result));
        await().atMost(PATIENCE).until(result.future()::isComplete);
        return result.future();
    }
}
