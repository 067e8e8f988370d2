package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A database that is locked or loses its connections costs what needs it, and nothing else. */
class OutageIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private WsClient stream;
    private WsClient agent;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "db.url=" + postgres.server().settings().url().orElseThrow(),
                "db.user=postgres",
                "db.password=postgres");
        stream = WsClient.connect(gateway.ws("/ws/agents"));
        stream.next("snapshot");
        agent = new Agents(gateway).register("agent-" + System.nanoTime());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void connections_that_are_killed_are_made_anew_within_5_s_and_no_socket_notices() throws SQLException {
        for (int i = 0; i < 3; i++) {
            postgres.server().killBackends();
            await().atMost(RECOVERY).until(() -> create() == 201);
            socketsGoOn();
        }
    }

    @Test
    void while_a_lock_is_held_writes_are_refused_and_sockets_go_on_and_after_it_all_is_well() throws SQLException {
        try (Connection other = postgres.server().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE registration_tokens IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Integer> write = CompletableFuture.supplyAsync(this::create);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                socketsGoOn();
                return write.isDone();
            });
            assertThat(write.join()).isEqualTo(503);
            other.rollback();
        }
        await().atMost(RECOVERY).until(() -> create() == 201);
        socketsGoOn();
    }

    private int create() {
        RunningGateway.Reply reply = gateway.post(
                "/api/admin/tokens",
                "{\"agent_name\":\"later\"}",
                "Authorization",
                "Bearer " + RunningGateway.PASSWORD);
        assertThat(reply.status()).isIn(201, 503);
        if (reply.status() == 503) {
            assertThat(reply.body().path("error").path("code").asText()).isEqualTo("storage_unavailable");
        }
        return reply.status();
    }

    private void socketsGoOn() {
        stream.send("{\"type\":\"ping\"}").next("pong");
        agent.send("{\"subject\":\"agent.heartbeat\"}").next("agent.heartbeat.ack");
        assertThat(gateway.get("/api/health/live").status()).isEqualTo(200);
    }
}
