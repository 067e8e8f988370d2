package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.PgBouncer;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway whose database is reached through a real PgBouncer. */
class PgBouncerIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path folder;

    private Path configuration;
    private String direct;

    @BeforeEach
    void prepare() throws Exception {
        // Where others than the tests' own account may read.
        configuration = Files.createTempDirectory(Path.of("/tmp"), "fairlead-pgbouncer-");
        direct = postgres.server().settings().url().orElseThrow();
    }

    @AfterEach
    void remove() throws Exception {
        for (String file : new String[] {"pgbouncer.ini", "pgbouncer.log", "users.txt"}) {
            Files.deleteIfExists(configuration.resolve(file));
        }
        Files.deleteIfExists(configuration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void it_works_through_either_mode_and_is_back_after_the_pooler_was_killed(String mode) {
        try (PgBouncer bouncer = PgBouncer.start(configuration, mode, port())) {
            Set<String> acknowledged = new HashSet<>();
            String agent = "agent-" + mode;
            try (RunningGateway gateway = start(bouncer, "db.direct_url=" + direct)) {
                try (WsClient socket = new Agents(gateway).register(agent)) {
                    for (int i = 0; i < 50; i++) {
                        acknowledged.add(sent(gateway, agent, i));
                        socket.next("message.deliver");
                    }
                }
                bouncer.kill();
                assertThat(send(gateway, agent, 50).status()).isEqualTo(503);
                bouncer.begin();
                await().atMost(RECOVERY).until(() -> send(gateway, agent, 50).status() / 100 == 2);
                acknowledged.add(sent(gateway, agent, 51));
                assertThat(gateway.get("/api/health").body().path("status").asText())
                        .isEqualTo("ok");
            }
            try (RunningGateway again = start(bouncer, "db.direct_url=" + direct)) {
                Set<String> kept = new HashSet<>();
                again.get("/api/messages?limit=200&instance=" + agent)
                        .body()
                        .get("messages")
                        .forEach(message -> kept.add(message.path("message_id").asText()));
                assertThat(kept).containsAll(acknowledged);
            }
        }
    }

    @Test
    void without_a_way_to_the_server_itself_it_says_what_to_set() {
        try (PgBouncer bouncer = PgBouncer.start(configuration, "transaction", port())) {
            assertThatThrownBy(() -> start(bouncer).close())
                    .rootCause()
                    .hasMessageContaining("PgBouncer")
                    .hasMessageContaining("db.direct_url")
                    .hasMessageNotContaining("db.password");
        }
    }

    private RunningGateway start(PgBouncer bouncer, String... more) {
        String[] settings = new String[3 + more.length];
        settings[0] = "db.url=" + bouncer.url();
        settings[1] = "db.user=postgres";
        settings[2] = "db.password=postgres";
        System.arraycopy(more, 0, settings, 3, more.length);
        return RunningGateway.start(folder.resolve("data"), settings);
    }

    private int port() {
        return URI.create(direct.substring("jdbc:".length())).getPort();
    }

    private static String sent(RunningGateway gateway, String to, int number) {
        RunningGateway.Reply reply = send(gateway, to, number);
        assertThat(reply.status()).isEqualTo(202);
        return reply.body().path("message_id").asText();
    }

    private static RunningGateway.Reply send(RunningGateway gateway, String to, int number) {
        return gateway.post(
                "/api/messages",
                "{\"to\":\"" + to + "\",\"type\":\"t\",\"payload\":" + number + ",\"idempotency_key\":\"" + to + number
                        + "\"}");
    }
}
