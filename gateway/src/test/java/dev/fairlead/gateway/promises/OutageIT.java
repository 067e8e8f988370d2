package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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

    @Test
    void processes_are_stopped_and_started_again_while_the_store_takes_nothing_and_it_is_told() throws SQLException {
        long pid = running("worker");
        running("other");
        try (Connection other = postgres.server().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE instances, registration_tokens IN ACCESS EXCLUSIVE MODE");

            assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                JsonNode now = instance("worker");
                return now.path("status").asText().equals("running")
                        && now.path("pid").asLong() != pid
                        && now.has("stored");
            });
            assertThat(gateway.post("/api/instances/other/stop", "").status()).isEqualTo(202);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> instance("other").path("status").asText().equals("stopped"));
            assertThat(instance("other").get("stored").asBoolean()).isFalse();
            other.rollback();
        }
        await().atMost(RECOVERY.multipliedBy(2))
                .until(() ->
                        !instance("worker").has("stored") && !instance("other").has("stored"));
    }

    private long running(String name) {
        gateway.post(
                "/api/instances", "{\"name\":\"" + name + "\",\"command\":[\"sleep\",\"600\"],\"restart\":\"always\"}");
        gateway.post("/api/instances/" + name + "/start", "");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> instance(name).path("status").asText().equals("running"));
        return instance(name).path("pid").asLong();
    }

    private JsonNode instance(String name) {
        return gateway.get("/api/instances/" + name).body();
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
