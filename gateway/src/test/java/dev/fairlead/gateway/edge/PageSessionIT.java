package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser's session: two halves, neither of which is worth anything alone, and an end that reaches everything. */
@Tag("attack")
class PageSessionIT {
    private static final String PASSWORD = "{\"password\":\"" + RunningGateway.PASSWORD + "\"}";
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = start(
                "data", RunningGateway.PASSWORD, "auth.login_per_minute=1000", "auth.login_per_minute_total=1000");
    }

    private static RunningGateway start(String data, String password, String... more) {
        List<String> settings = new ArrayList<>(List.of("auth.mode=required", "auth.admin_password=" + password));
        settings.addAll(List.of(more));
        return RunningGateway.start(folder.resolve(data), settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void nobody_is_logged_in() {
        assertThat(gateway.delete("/api/logins?others=true", "Authorization", ADMIN)
                        .status())
                .isEqualTo(204);
    }

    private record Session(String cookie, String key) {}

    @Test
    void the_page_gets_a_cookie_no_script_can_read_and_no_token() {
        RunningGateway.Reply reply = gateway.post("/api/login", PASSWORD, "X-Fairlead", "dashboard");

        assertThat(reply.body().has("token")).isFalse();
        assertThat(reply.body().path("session_key").asText()).hasSizeGreaterThan(40);
        assertThat(reply.body().has("expires_at")).isTrue();
        assertThat(cookies(reply)).anySatisfy(cookie -> assertThat(cookie)
                .startsWith("fairlead_session_" + gateway.port() + "=")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/"));
    }

    @Test
    void a_program_gets_a_token_besides() {
        RunningGateway.Reply reply = gateway.post("/api/login", PASSWORD);

        String token = reply.body().path("token").asText();
        assertThat(gateway.get("/api/agents", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(200);
        assertThat(reply.body().has("session_key")).isTrue();
    }

    @Test
    void a_session_reads_and_writes_with_both_halves() {
        Session session = login();
        String body = "{\"name\":\"written\",\"command\":[\"sleep\",\"1\"]}";

        assertThat(proof(session)).isEqualTo("session");
        assertThat(get(session)).isEqualTo(200);
        assertThat(gateway.post("/api/instances", body, "Cookie", session.cookie(), "X-Fairlead", session.key())
                        .status())
                .isEqualTo(201);
    }

    @Test
    void no_half_is_worth_anything_without_the_other() {
        Session session = login();
        Session other = login();
        String handle = session.cookie().split("=", 2)[1];

        assertThat(gateway.get("/api/instances", "Cookie", session.cookie()).status())
                .isEqualTo(401);
        assertThat(gateway.get("/api/instances", "X-Fairlead", session.key()).status())
                .isEqualTo(401);
        assertThat(get(new Session(session.cookie(), other.key()))).isEqualTo(401);
        assertThat(get(new Session(session.cookie(), handle))).isEqualTo(401);
        for (String half : List.of(handle, session.key())) {
            assertThat(gateway.get("/api/instances", "Authorization", "Bearer " + half)
                            .status())
                    .isEqualTo(401);
            assertThat(gateway.get("/api/instances?token=" + half).status()).isEqualTo(401);
        }
    }

    @Test
    void a_session_opens_streams_with_both_halves_and_its_key_is_not_echoed() {
        Session session = login();

        WsClient stream = stream(session);
        stream.next("snapshot");
        assertThat(stream.subProtocol()).isEqualTo("fairlead.v1");
        assertThat(WsClient.refusal(gateway.ws("/ws/instances"), "Cookie", session.cookie()))
                .isEqualTo(401);
        stream.close();
    }

    @Test
    void logging_out_ends_both_halves_and_closes_what_the_session_opened() {
        Session session = login();
        Session other = login();
        WsClient stream = stream(session);
        WsClient chat = WsClient.connect(
                gateway.ws("/ws/chat"),
                "Sec-WebSocket-Protocol",
                "fairlead.v1, session." + session.key(),
                "Cookie",
                session.cookie());
        WsClient others = stream(other);

        RunningGateway.Reply reply =
                gateway.post("/api/logout", "", "Cookie", session.cookie(), "X-Fairlead", session.key());

        assertThat(reply.status()).isEqualTo(204);
        assertThat(cookies(reply)).anySatisfy(cookie -> assertThat(cookie)
                .startsWith("fairlead_session_" + gateway.port() + "=;")
                .contains("Max-Age=0"));
        assertThat(stream.closed().code()).isEqualTo(4401);
        assertThat(chat.closed().code()).isEqualTo(4401);
        assertThat(get(session)).isEqualTo(401);
        assertThat(get(other)).isEqualTo(200);
        assertThat(others.isOpen()).isTrue();
        others.close();
    }

    @Test
    void sessions_are_listed_and_all_others_ended_at_once() {
        Session mine = login();
        Session other = login();
        get(other);
        WsClient stream = stream(other);

        JsonNode logins = logins(mine);
        assertThat(logins).hasSize(2);
        assertThat(logins.findValues("current")).extracting(JsonNode::asBoolean).containsExactlyInAnyOrder(true, false);
        assertThat(logins.get(0).path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(logins.get(0).path("client").asText()).startsWith("Java-http-client");

        assertThat(delete(mine, "/api/logins").status()).isEqualTo(400);
        assertThat(delete(mine, "/api/logins?others=true").status()).isEqualTo(204);

        assertThat(stream.closed().code()).isEqualTo(4401);
        assertThat(get(other)).isEqualTo(401);
        assertThat(logins(mine)).hasSize(1);
    }

    @Test
    void one_session_is_ended_by_its_id() {
        Session mine = login();
        Session other = login();
        get(other);
        String id = "";
        for (JsonNode login : logins(mine)) {
            id = login.path("current").asBoolean() ? id : login.path("id").asText();
        }
        assertThat(delete(mine, "/api/logins/" + id).status()).isEqualTo(204);
        assertThat(delete(mine, "/api/logins/" + id).status()).isEqualTo(404);
        assertThat(get(other)).isEqualTo(401);
        assertThat(get(mine)).isEqualTo(200);
    }

    @Test
    void a_session_and_a_token_outlive_a_restart_but_no_other_password() {
        Session session = login();
        String token = gateway.post("/api/login", PASSWORD).body().path("token").asText();
        get(session);

        int port = restart(RunningGateway.PASSWORD);
        Session moved = new Session(session.cookie().replaceFirst("_\\d+=", "_" + port + "="), session.key());
        assertThat(get(moved)).isEqualTo(200);
        assertThat(bearer(token)).isEqualTo(200);

        port = restart("another password by far");
        moved = new Session(session.cookie().replaceFirst("_\\d+=", "_" + port + "="), session.key());
        assertThat(bearer(token)).isEqualTo(401);
        assertThat(get(moved)).isEqualTo(401);

        restart(RunningGateway.PASSWORD);
        assertThat(bearer(token)).isEqualTo(401);
    }

    @Test
    void who_was_let_in_before_is_not_kept_out_by_the_wrong_tries_of_others() {
        try (RunningGateway strict = start("strict", RunningGateway.PASSWORD)) {
            RunningGateway.Reply before = strict.post("/api/login", PASSWORD, "X-Fairlead", "dashboard");
            String device = cookies(before).stream()
                    .filter(cookie -> cookie.startsWith("fairlead_device_"))
                    .findFirst()
                    .orElseThrow()
                    .split(";", 2)[0];
            for (int i = 0; i < 5; i++) {
                strict.post("/api/login", "{\"password\":\"wrong-" + i + "\"}");
            }

            assertThat(strict.post("/api/login", PASSWORD).status()).isEqualTo(429);
            assertThat(strict.post("/api/login", PASSWORD, "Cookie", device).status())
                    .isEqualTo(200);
            assertThat(strict.get("/api/agents", "Cookie", device, "X-Fairlead", "1")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void a_page_of_another_site_cannot_use_up_tries() {
        for (int i = 0; i < 8; i++) {
            assertThat(gateway.post("/api/login", "{\"password\":\"x\"}", "Sec-Fetch-Site", "cross-site")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(gateway.post("/api/login", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void ends_of_sessions_are_in_the_audit_trail() {
        Session session = login();
        gateway.post("/api/logout", "", "Cookie", session.cookie(), "X-Fairlead", session.key());
        await().untilAsserted(() -> assertThat(
                        gateway.get("/api/audit", "Authorization", ADMIN).body().toString())
                .contains("\"login.end\"", "\"logout\""));
    }

    private static int restart(String password) {
        gateway.close();
        gateway = start("data", password, "auth.login_per_minute=1000", "auth.login_per_minute_total=1000");
        return gateway.port();
    }

    private static Session login() {
        RunningGateway.Reply reply = gateway.post("/api/login", PASSWORD, "X-Fairlead", "dashboard");
        String cookie = cookies(reply).stream()
                .filter(one -> one.startsWith("fairlead_session_"))
                .findFirst()
                .orElseThrow();
        return new Session(
                cookie.split(";", 2)[0], reply.body().path("session_key").asText());
    }

    private static List<String> cookies(RunningGateway.Reply reply) {
        return reply.raw().headers().allValues("Set-Cookie");
    }

    private static String proof(Session session) {
        return gateway.get("/api/session", "Cookie", session.cookie(), "X-Fairlead", session.key())
                .body()
                .path("proof")
                .asText();
    }

    private static int get(Session session) {
        return gateway.get("/api/instances", "Cookie", session.cookie(), "X-Fairlead", session.key())
                .status();
    }

    private static int bearer(String token) {
        return gateway.get("/api/instances", "Authorization", "Bearer " + token).status();
    }

    private static JsonNode logins(Session session) {
        return gateway.get("/api/logins", "Cookie", session.cookie(), "X-Fairlead", session.key())
                .body()
                .path("logins");
    }

    private static RunningGateway.Reply delete(Session session, String path) {
        return gateway.delete(path, "Cookie", session.cookie(), "X-Fairlead", session.key());
    }

    private static WsClient stream(Session session) {
        return WsClient.connect(
                gateway.ws("/ws/instances"),
                "Sec-WebSocket-Protocol",
                "fairlead.v1, session." + session.key(),
                "Cookie",
                session.cookie());
    }
}
