package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of faces: made, shown and revoked by who has the password, each good at its own face alone. */
class FaceKeysIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "auth.mode=required");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void a_key_is_good_at_its_own_face_alone() {
        String metrics = made("metrics", "").path("token").asText();
        String mcp = made("mcp", ",\"scopes\":[\"trade\",\"read\",\"read\"]")
                .path("token")
                .asText();
        assertThat(status("/metrics", metrics)).isEqualTo(200);
        assertThat(status("/metrics?token=" + metrics)).isEqualTo(200);
        assertThat(status("/metrics")).isEqualTo(401);
        assertThat(status("/metrics", mcp)).isEqualTo(403);
        for (String key : List.of(metrics, mcp)) {
            assertThat(status("/api/agents", key)).isEqualTo(403);
            assertThat(status("/api/admin/tokens", key)).isEqualTo(403);
            assertThat(gateway.post("/api/messages", "{}", "Authorization", "Bearer " + key)
                            .status())
                    .isEqualTo(403);
            for (String path : List.of("/ws/instances", "/ws/agent", "/ws/chat")) {
                assertThat(WsClient.refusal(gateway.ws(path), "Authorization", "Bearer " + key))
                        .isEqualTo(403);
            }
            WsClient agent = WsClient.connect(gateway.ws("/ws/agent"));
            agent.send("{\"subject\":\"agent.register\",\"data\":{\"token\":\"" + key + "\"}}");
            assertThat(agent.closed().code()).isEqualTo(4401);
        }
    }

    @Test
    void a_revoked_key_is_good_for_nothing_at_once() {
        JsonNode key = made("metrics", "");
        String token = key.path("token").asText();
        String path = "/api/admin/tokens/" + key.path("id").asText();
        assertThat(status("/metrics", token)).isEqualTo(200);
        assertThat(listed(key).has("last_used_at")).isTrue();
        assertThat(gateway.delete(path).status()).isEqualTo(401);
        assertThat(gateway.delete(path, "Authorization", ADMIN).status()).isEqualTo(204);
        assertThat(status("/metrics", token)).isEqualTo(401);
        assertThat(gateway.delete(path, "Authorization", ADMIN).status()).isEqualTo(404);
        await().untilAsserted(() -> assertThat(
                        gateway.get("/api/audit", "Authorization", ADMIN).body().toString())
                .contains("key.create", "key.revoke")
                .doesNotContain(token));
    }

    @Test
    void what_is_listed_is_what_was_asked_for_and_never_the_key() {
        JsonNode key = made("openai", ",\"scopes\":[\"trade\",\"read\",\"read\"]");
        assertThat(listed(key).path("scopes").toString()).isEqualTo("[\"read\",\"trade\"]");
        assertThat(listed(key).path("kind").asText()).isEqualTo("openai");
        assertThat(listed(key).has("last_used_at")).isFalse();
        assertThat(gateway.get("/api/admin/tokens", "Authorization", ADMIN)
                        .body()
                        .toString())
                .doesNotContain(key.path("token").asText());
    }

    @Test
    void what_no_key_can_be_is_refused() {
        for (String wrong : List.of(
                "{\"kind\":\"root\",\"name\":\"x\"}",
                "{\"kind\":\"operator\",\"name\":\"x\"}",
                "{\"kind\":\"mcp\"}",
                "{\"kind\":\"mcp\",\"name\":\"../x\"}",
                "{\"kind\":\"mcp\",\"name\":\"x\",\"scopes\":[]}",
                "{\"kind\":\"mcp\",\"name\":\"x\",\"scopes\":[\"all\"]}",
                "{\"kind\":\"metrics\",\"name\":\"x\",\"scopes\":[\"trade\"]}")) {
            assertThat(gateway.post("/api/admin/tokens", wrong, "Authorization", ADMIN)
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    private static JsonNode listed(JsonNode key) {
        for (JsonNode one :
                gateway.get("/api/admin/tokens", "Authorization", ADMIN).body().path("tokens")) {
            if (one.path("id").equals(key.path("id"))) {
                return one;
            }
        }
        throw new AssertionError("Not listed: " + key.path("id"));
    }

    private static JsonNode made(String kind, String more) {
        RunningGateway.Reply made = gateway.post(
                "/api/admin/tokens",
                "{\"kind\":\"" + kind + "\",\"name\":\"prometheus\"" + more + "}",
                "Authorization",
                ADMIN);
        assertThat(made.status()).isEqualTo(201);
        return made.body();
    }

    private static int status(String path) {
        return gateway.get(path).status();
    }

    private static int status(String path, String key) {
        return gateway.get(path, "Authorization", "Bearer " + key).status();
    }
}
