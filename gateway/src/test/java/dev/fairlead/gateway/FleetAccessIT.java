package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What one node lets in or shuts out, all do. */
@Tag("alone")
class FleetAccessIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String OPERATOR = "Bearer " + RunningGateway.PASSWORD;

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private Fleet fleet;
    private RunningGateway n1;
    private RunningGateway n2;

    @BeforeEach
    void start() throws Exception {
        fleet = new Fleet(postgres.server().settings(), temp, "auth.mode=required");
        n1 = fleet.start(1);
        n2 = fleet.start(2);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void a_key_is_good_at_every_node_at_once_and_at_none_once_it_is_revoked() {
        JsonNode key = n1.post(
                        "/api/admin/tokens",
                        "{\"kind\":\"openai\",\"name\":\"chat\",\"scopes\":[\"read\"]}",
                        "Authorization",
                        OPERATOR)
                .body();
        String token = "Bearer " + key.get("token").asText();
        assertThat(n2.get("/v1/models", "Authorization", token).status()).isEqualTo(200);

        assertThat(n2.delete("/api/admin/tokens/" + key.get("id").asText(), "Authorization", OPERATOR)
                        .status())
                .isLessThan(300);

        assertThat(n2.get("/v1/models", "Authorization", token).status()).isEqualTo(401);
        await().atMost(SOON)
                .until(() -> n1.get("/v1/models", "Authorization", token).status() == 401);
    }

    @Test
    void a_session_of_the_dashboard_is_one_at_every_node_and_ends_at_all() {
        RunningGateway.Reply login =
                n1.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}", "X-Fairlead", "dashboard");
        String cookie = login.raw().headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("fairlead_session"))
                .findFirst()
                .orElseThrow()
                .split(";", 2)[0];
        String key = login.body().get("session_key").asText();
        assertThat(status(n2, cookie, key)).isEqualTo(200);

        assertThat(n2.post("/api/logout", "", "Cookie", at(n2, cookie), "X-Fairlead", key)
                        .status())
                .isLessThan(300);

        await().atMost(SOON).until(() -> status(n1, cookie, key) == 401);
        assertThat(status(n2, cookie, key)).isEqualTo(401);
    }

    @Test
    void wrong_passwords_at_one_node_are_tries_at_all() {
        for (int i = 0; i < 5; i++) {
            assertThat(guess(n1)).isEqualTo(401);
        }
        await().atMost(SOON).until(() -> guess(n2) == 429);
    }

    private static int guess(RunningGateway node) {
        return node.post("/api/login", "{\"password\":\"wrong\"}").status();
    }

    /** The cookie is named by the port, which nodes behind one address have in common. */
    private static String at(RunningGateway node, String cookie) {
        return cookie.replaceFirst("_\\d+=", "_" + node.gateway().port() + "=");
    }

    private static int status(RunningGateway node, String cookie, String key) {
        return node.get("/api/logins", "Cookie", at(node, cookie), "X-Fairlead", key)
                .status();
    }
}
