package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard's session: a cookie that only the page itself can make use of. */
class PageSessionIT {
    private static final String PASSWORD = "{\"password\":\"" + RunningGateway.PASSWORD + "\"}";

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
    void the_page_gets_a_cookie_no_script_can_read_and_no_token() {
        RunningGateway.Reply reply = login();

        assertThat(reply.body().has("token")).isFalse();
        assertThat(reply.body().has("expires_at")).isTrue();
        assertThat(reply.raw().headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("fairlead_session_" + gateway.port() + "=")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/");
    }

    @Test
    void a_program_gets_a_token_and_no_cookie() {
        RunningGateway.Reply reply = gateway.post("/api/login", PASSWORD);

        assertThat(reply.body().has("token")).isTrue();
        assertThat(reply.raw().headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void a_session_reads() {
        assertThat(gateway.get("/api/session").body().path("proof").asText()).isEqualTo("none");
        assertThat(gateway.get("/api/instances").status()).isEqualTo(401);

        RunningGateway.Reply reply = gateway.get("/api/session", "Cookie", cookie());

        assertThat(reply.body().path("proof").asText()).isEqualTo("session");
        assertThat(gateway.get("/api/instances", "Cookie", cookie()).status()).isEqualTo(200);
    }

    @Test
    void a_session_writes_with_the_pages_header_alone() {
        String cookie = cookie();
        String body = "{\"name\":\"written\",\"command\":[\"sleep\",\"1\"]}";

        assertThat(gateway.post("/api/instances", body, "Cookie", cookie).status())
                .isEqualTo(403);
        assertThat(gateway.post("/api/instances", body, "Cookie", cookie, "X-Fairlead", "1")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void a_cookie_that_is_no_good_counts_as_none() {
        String broken = cookie().replaceAll(".$", "") + "A.b";

        assertThat(gateway.get("/api/instances", "Cookie", broken).status()).isEqualTo(401);
    }

    @Test
    void a_session_opens_streams() throws IOException {
        assertThat(upgrade(cookie())).isEqualTo(101);
        assertThat(upgrade("fairlead_session_" + gateway.port() + "=x")).isEqualTo(401);
    }

    @Test
    void logging_out_ends_the_cookie() {
        RunningGateway.Reply reply = gateway.post("/api/logout", "", "Cookie", cookie(), "X-Fairlead", "1");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.raw().headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("fairlead_session_" + gateway.port() + "=;")
                .contains("Max-Age=0");
    }

    @Test
    void a_wrong_password_begins_no_session() {
        RunningGateway.Reply reply = gateway.post("/api/login", "{\"password\":\"x\"}", "X-Fairlead", "1");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.raw().headers().firstValue("Set-Cookie")).isEmpty();
    }

    private static RunningGateway.Reply login() {
        return gateway.post("/api/login", PASSWORD, "X-Fairlead", "1");
    }

    private static String cookie() {
        return login().raw().headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private static int upgrade(String cookie) throws IOException {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.request(
                    "GET /ws/instances HTTP/1.1",
                    "Host: localhost:" + gateway.port(),
                    "Origin: http://localhost:" + gateway.port(),
                    "Cookie: " + cookie,
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            return raw.status();
        }
    }
}
