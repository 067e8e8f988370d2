package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What REST refuses, always with the fitting status and in the one shape of errors. */
@Tag("attack")
class RestRefusalsIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "http.max_body=4KiB",
                "auth.login_per_minute_total=100",
                "instances.allowed_commands=sleep");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/", "/api/nothing", "/API/health", "/api/agents/x/y/z"})
    void an_unknown_path_is_not_found(String path) {
        RunningGateway.Reply reply = gateway.get(path);

        // The root is the dashboard's, where it was built in.
        assertThat((path.equals("/") && reply.status() == 200) || isRefused(reply, 404, "not_found"))
                .as("%s", reply)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/health, GET",
        "DELETE, /api/health, GET",
        "GET, /api/login, POST",
        "PUT, /api/agents/x, 'DELETE, GET'",
        "PATCH, /api/agents, GET",
        "PUT, /api/instances/x/clone, POST",
        "POST, /api/instances/x, 'DELETE, GET, PATCH, PUT'"
    })
    void a_wrong_method_is_told_the_right_ones(String method, String path, String allowed) {
        RunningGateway.Reply reply = gateway.send(method, path, "{}");

        assertThat(isRefused(reply, 405, "method_not_allowed")).as("%s", reply).isTrue();
        assertThat(reply.raw().headers().firstValue("Allow")).hasValue(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "text/plain; application/json",
                "application/jsonx",
                "*/*",
                " "
            })
    void a_body_that_a_foreign_form_could_send_is_refused(String type) {
        RunningGateway.Reply reply = gateway.post(
                "/api/admin/tokens", "{\"agent_name\":\"agent-1\"}", "Content-Type", type, "Authorization", ADMIN);

        assertThat(isRefused(reply, 415, "unsupported_media_type"))
                .as("%s", reply)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE", "PATCH", "PUT"})
    void a_write_from_a_foreign_page_is_forbidden(String method) throws IOException {
        Raw reply = raw(
                method + " /api/agents/agent-1 HTTP/1.1",
                "Host: localhost:" + gateway.port(),
                "Origin: https://evil.example",
                "Content-Type: application/json",
                "Content-Length: 0");

        assertThat(reply.status).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("forbidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "x",
                "[]",
                "42",
                "null",
                "{\"agent_name\":\"a\"}x",
                "{\"agent_name\":\"a\",\"agent_name\":\"b\"}",
                "{\"agent_name\":[\"a\"]}",
                "{\"agent_name\":null}",
                "{\"agent_name\":\"../a\"}",
                "{}",
                "{\"agent_name\":\"a\",\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"
            })
    void a_malformed_body_is_a_bad_request(String body) {
        RunningGateway.Reply reply = gateway.post("/api/admin/tokens", body, "Authorization", ADMIN);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(isShaped(reply.body())).as("%s", reply).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "LD_PRELOAD",
                "PYTHONUSERBASE",
                "NPM_CONFIG_NODE_OPTIONS",
                "DOTNET_STARTUP_HOOKS",
                "GIO_EXTRA_MODULES",
                "SOME_RUNTIME_OF_TOMORROW"
            })
    void where_commands_are_restricted_no_variable_brings_in_other_code(String name) {
        RunningGateway.Reply reply = gateway.post(
                "/api/instances", "{\"name\":\"one\",\"command\":[\"sleep\",\"1\"],\"env\":{\"" + name + "\":\"x\"}}");
        assertThat(isRefused(reply, 400, "bad_request")).as("%s", reply).isTrue();
        assertThat(reply.raw().body()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "X-Forwarded-Proto", "Via"})
    void a_login_that_came_through_a_proxy_without_tls_is_refused(String header) {
        RunningGateway.Reply reply =
                gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}", header, "http");
        assertThat(isRefused(reply, 403, "forbidden")).as("%s", reply).isTrue();
        assertThat(reply.raw().body()).contains("A login goes over TLS", "http.behind_tls_proxy");
    }

    @Test
    void what_hands_out_a_token_of_an_agent_needs_the_password_in_every_mode() {
        assertThat(gateway.post("/api/agents/nobody/rotate-token", "{}").status())
                .isEqualTo(401);
        assertThat(gateway.post(
                                "/api/agents/nobody/rotate-token",
                                "{}",
                                "Authorization",
                                "Bearer " + RunningGateway.PASSWORD)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_body_over_the_limit_is_too_large_whether_it_says_so_or_not() throws IOException {
        String body = "{\"password\":\"" + "x".repeat(8192) + "\"}";
        assertThat(isRefused(gateway.post("/api/login", body), 413, "payload_too_large"))
                .isTrue();

        Raw chunked = raw(
                "POST /api/login HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
                "",
                "2000",
                "x".repeat(0x2000),
                "0");
        assertThat(chunked.status).isEqualTo(413);
        assertThat(chunked.code()).isEqualTo("payload_too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/agents/%zz",
                "/api/agents?token=%zz",
                "/api/agents?token=%",
                "/api/agents/%",
                "/api/audit?limit=%q",
                "/ws/agents?token=%zz",
                "/ws/agent?token=%",
                "/ws/agents?since=%zz",
                "/ws/%zz"
            })
    void a_malformed_escape_is_answered(String path) throws IOException {
        Raw reply = raw(
                "GET " + path + " HTTP/1.1",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

        assertThat(reply.status).isBetween(400, 404);
        assertThat(isShaped(reply.body)).as("%s", reply).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "1.5, 0", "x, 0", "99999999999999999999, 0", "1001, 0"})
    void a_query_parameter_out_of_bounds_is_a_bad_request(String limit, String ignored) {
        assertThat(isRefused(gateway.get("/api/audit?limit=" + limit), 400, "bad_request"))
                .isTrue();
    }

    @Test
    void what_is_no_http_is_refused_in_the_one_shape_too() throws IOException {
        Raw longUri = raw("GET /api/health?" + "x".repeat(10_000) + " HTTP/1.1", "Host: localhost");
        assertThat(longUri.status).isEqualTo(400);
        assertThat(isShaped(longUri.body)).isTrue();

        Raw longHeader = raw("GET /api/health HTTP/1.1", "Host: localhost", "X-Long: " + "x".repeat(20_000));
        assertThat(longHeader.status).isEqualTo(400);
        assertThat(isShaped(longHeader.body)).isTrue();

        Raw garbage = raw("GARBAGE", "Host: localhost");
        assertThat(garbage.status).isEqualTo(400);
        assertThat(isShaped(garbage.body)).isTrue();
    }

    @Test
    void a_head_request_gets_no_body() throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            http.request("HEAD /api/health HTTP/1.1", "Host: localhost");
            assertThat(http.status()).isIn(200, 405);
            // Where a body had come, it would be read as the head of the next answer.
            http.request("GET /api/health/live HTTP/1.1", "Host: localhost");
            assertThat(http.status()).isEqualTo(200);
        }
    }

    @Test
    void every_refusal_carries_the_headers_that_keep_browsers_safe() {
        for (String path : new String[] {"/api/nothing", "/ws/nothing", "/ws/agents"}) {
            var headers = gateway.get(path).raw().headers();
            assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(headers.firstValue("Content-Security-Policy").orElse("")).contains("frame-ancestors 'none'");
        }
    }

    private static boolean isRefused(RunningGateway.Reply reply, int status, String code) {
        return reply.status() == status
                && isShaped(reply.body())
                && reply.body().get("error").get("code").asText().equals(code);
    }

    private static boolean isShaped(JsonNode body) {
        JsonNode error = body.path("error");
        return body.size() == 1
                && error.path("code").isTextual()
                && !error.path("message").asText().isBlank();
    }

    private record Raw(int status, JsonNode body) {
        String code() {
            return body.path("error").path("code").asText();
        }
    }

    private static Raw raw(String... lines) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            String head = http.request(lines).head();
            String lengthHeader = "content-length: ";
            String lower = head.toLowerCase(Locale.ROOT);
            int length = lower.contains(lengthHeader)
                    ? Integer.parseInt(lower.split(lengthHeader, 2)[1].split("\r\n", 2)[0])
                    : 0;
            return new Raw(
                    Integer.parseInt(head.split(" ", 3)[1]),
                    length == 0 ? com.fasterxml.jackson.databind.node.NullNode.instance : http.json(length));
        }
    }
}
