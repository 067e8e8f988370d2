package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Agents of a running gateway, on wires a test reads frame by frame. */
public final class Agents {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningGateway gateway;

    public Agents(RunningGateway gateway) {
        this.gateway = gateway;
    }

    /** Connects a new agent; its first frames have been read. */
    public WsClient register(String name) {
        WsClient agent =
                WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken(name));
        agent.next("token.state");
        return agent;
    }

    /** Connects an agent that is known. */
    public WsClient connect(String permanentToken) {
        WsClient agent = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + permanentToken);
        agent.next("token.state");
        return agent;
    }

    /** Registers a new agent that then goes away, and keeps its token. */
    public String permanentToken(String name) {
        try (WsClient agent = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken(name))) {
            String token =
                    agent.next("agent.register.ack").get("data").get("token").asText();
            assertThat(token).isNotEmpty();
            return token;
        }
    }

    public void awaitOnline(String name) {
        awaitStatus(name, "online");
    }

    public void awaitStatus(String name, String status) {
        await().atMost(PATIENCE).until(() -> status(name).equals(status));
    }

    public String status(String name) {
        return gateway.get("/api/agents/" + name).body().path("status").asText();
    }
}
