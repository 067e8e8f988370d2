package dev.fairlead.protocol.examples;

import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;

/** An agent in ten lines: answers {@code greet} to whoever asks {@code agents.greeter.greet}. */
final class GreeterAgent {
    private GreeterAgent() {}

    static AgentClient start(Vertx vertx, AgentClientOptions options) {
        AgentClient agent = AgentClient.create(vertx, options);
        agent.onRequest(
                "greet",
                request -> Future.succeededFuture(
                        Map.of("text", "Hello, " + request.data().path("who").asText("stranger"))));
        agent.onState(state -> System.err.println("greeter: " + state));
        agent.start();
        return agent;
    }

    public static void main(String[] args) {
        start(Vertx.vertx(), AgentClientOptions.fromEnvironment(System.getenv()));
    }
}
