package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A database that is locked or loses its connections costs what needs it, and nothing else. */
@Tag("alone")
class OutageIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private WsClient stream;
    private WsClient agent;
    private String recipient;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), settings());
        stream = WsClient.connect(gateway.ws("/ws/agents"));
        stream.next("snapshot");
        recipient = "agent-" + System.nanoTime();
        agent = new Agents(gateway).register(recipient);
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
        List<String> kinds = new ArrayList<>();
        gateway.get("/api/instances/other/events")
                .body()
                .get("events")
                .forEach(event -> kinds.add(event.get("kind").asText()));
        assertThat(kinds)
                .as("the history has what could not be stored then")
                .containsExactlyInAnyOrder("created", "starting", "running", "stopping", "exited", "stopped");
    }

    @Test
    void a_message_whose_commit_is_not_confirmed_is_told_as_unknown_and_repeated_with_its_key_is_one()
            throws SQLException {
        String message = "{\"to\":\"" + recipient + "\",\"type\":\"t\",\"payload\":1,\"idempotency_key\":\"once\"}";
        execute("ALTER ROLE postgres SET synchronous_commit = on");
        postgres.server().killBackends();
        await().atMost(RECOVERY).until(() -> create() == 201);
        waitForStandby("nobody"); // a commit is then kept here, and confirmed by a standby that never comes
        RunningGateway.Reply unknown;
        try {
            unknown = gateway.post("/api/messages", message);
        } finally {
            waitForStandby("");
            execute("ALTER ROLE postgres RESET synchronous_commit");
        }
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.body().path("error").path("code").asText()).isEqualTo("outcome_unknown");
        assertThat(unknown.body().path("error").path("message").asText())
                .contains("may have been stored", "repeat it with the same idempotency_key");

        await().atMost(RECOVERY)
                .until(() -> gateway.post("/api/messages", message).status() / 100 == 2);
        assertThat(gateway.post("/api/messages", message).status()).isEqualTo(200);
        assertThat(gateway.get("/api/messages?instance=" + recipient).body().get("messages"))
                .hasSize(1);
    }

    @Test
    void an_outage_is_told_in_a_few_lines_and_what_was_done_in_it_is_in_the_trail_afterwards() throws Exception {
        gateway.close();
        try (ServedGateway served = ServedGateway.start(folder.resolve("served"), settings())) {
            int before = served.log().size();
            postgres.server().silence();
            try {
                await("an outage of a while, under load")
                        .during(Duration.ofSeconds(6))
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> refused(served));
            } finally {
                postgres.server().answer();
            }
            await().atMost(RECOVERY).until(() -> !refused(served));
            await("the trail").atMost(RECOVERY).until(() -> served.get("/api/audit")
                    .path("entries")
                    .findValuesAsText("detail")
                    .contains("storage_unavailable"));
            await("its word").atMost(RECOVERY.multipliedBy(2)).until(() -> told(served, before, "has taken up"));
            List<String> lines = served.log().subList(before, served.log().size());
            assertThat(lines).hasSizeLessThanOrEqualTo(20).noneMatch(line -> line.startsWith("\tat "));
            assertThat(lines.stream().filter(line -> line.contains("Not in the audit trail")))
                    .hasSize(1);
        }
    }

    private static boolean refused(ServedGateway served) {
        return served.post("/api/admin/tokens", "{\"agent_name\":\"later\"}").has("error");
    }

    private static boolean told(ServedGateway served, int before, String what) {
        return served.log().stream().skip(before).anyMatch(line -> line.contains(what));
    }

    private static String[] settings() {
        return new String[] {
            "db.url=" + postgres.server().settings().url().orElseThrow(), "db.user=postgres", "db.password=postgres"
        };
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.server().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void waitForStandby(String name) throws SQLException {
        try (Connection connection = postgres.server().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = '" + name + "'");
            statement.execute("SELECT pg_reload_conf()");
            await().until(() -> {
                try (ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
                    return row.next() && row.getString(1).equals(name);
                }
            });
        }
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
            assertThat(reply.body().path("error").path("code").asText()).isIn("storage_unavailable", "outcome_unknown");
        }
        return reply.status();
    }

    private void socketsGoOn() {
        stream.send("{\"type\":\"ping\"}").next("pong");
        agent.send("{\"subject\":\"agent.heartbeat\"}").next("agent.heartbeat.ack");
        assertThat(gateway.get("/api/health/live").status()).isEqualTo(200);
    }
}
