package dev.fairlead.protocol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreeterAgentTest {
    @Test
    void the_example_registers_and_greets(@TempDir Path root) throws Exception {
        Vertx vertx = Vertx.vertx();
        Promise<String> greeting = Promise.promise();
        HttpServer gateway = vertx.createHttpServer().webSocketHandler(socket -> {
            socket.textMessageHandler(greeting::tryComplete);
            socket.writeTextMessage(
                    "{\"subject\":\"agent.register.ack\",\"data\":{\"agent_id\":\"1\",\"name\":\"greeter\","
                            + "\"heartbeat_interval_ms\":30000,\"token_state\":\"valid\",\"protocol\":1,\"epoch\":1},"
                            + "\"timestamp\":1767225600000}");
            socket.writeTextMessage(
                    "{\"subject\":\"greet\",\"reply\":\"inbox.1\",\"from\":\"a\",\"data\":{\"who\":\"you\"},"
                            + "\"timestamp\":1767225600000}");
        });
        gateway.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        Map<String, String> environment = Map.of(
                "FAIRLEAD_URL", "ws://127.0.0.1:" + gateway.actualPort(),
                "FAIRLEAD_AGENT_NAME", "greeter",
                "FAIRLEAD_TOKEN", "ephemeral");
        AgentClient agent = GreeterAgent.start(
                vertx, AgentClientOptions.fromEnvironment(environment).withTokenRoot(root));
        assertThat(greeting.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo("{\"subject\":\"inbox.1\",\"data\":{\"text\":\"Hello, you\"}}");
        agent.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_variable_that_is_missing_is_named() {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> AgentClientOptions.fromEnvironment(Map.of("FAIRLEAD_URL", "ws://h")))
                .withMessageContaining("FAIRLEAD_AGENT_NAME");
    }
}
