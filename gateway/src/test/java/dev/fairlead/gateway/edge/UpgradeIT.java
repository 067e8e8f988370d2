package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may upgrade, and what the wire of a WebSocket may carry. */
@Tag("attack")
class UpgradeIT {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "http.handshake_timeout=500ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "https://evil.example",
                "null",
                "http://localhost.evil.example",
                "http://evil.example:18800",
                "http://127.0.0.1.evil.example",
                "http://localhost:1",
                "http://localhost@evil.example",
                "file://",
                "chrome-extension://abcdef",
                "http://[::1]:1",
                "http://localhost:PORT/path",
                "https://localhost:PORT",
                "https://localhost:PORT.evil.example",
                "//localhost:PORT",
                "localhost:PORT"
            })
    void a_foreign_origin_is_refused_before_the_upgrade_and_told_the_setting(String origin) throws IOException {
        String sent = origin.replace("PORT", Integer.toString(gateway.port()));
        for (String path : new String[] {"/ws/agents", "/ws/agent", "/ws", "/ws/chat"}) {
            assertThat(upgrade(path, "Host: localhost:" + gateway.port(), "Origin: " + sent))
                    .as("%s on %s", sent, path)
                    .isEqualTo(403);
        }
        RunningGateway.Reply rest = rest("Host: localhost:" + gateway.port(), "Origin: " + sent);
        assertThat(rest.status()).isEqualTo(403);
        assertThat(rest.body().get("error").get("message").asText()).contains("auth.allowed_origins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:PORT", "http://127.0.0.1:PORT", "http://[::1]:PORT"})
    void our_own_origin_passes(String origin) throws IOException {
        assertThat(upgrade(
                        "/ws/agents",
                        "Host: localhost:" + gateway.port(),
                        "Origin: " + origin.replace("PORT", Integer.toString(gateway.port()))))
                .isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: localhost.evil.example",
                "Host: evil.example:80",
                "Host: ",
                "X-Nothing: here",
                "Host: localhost\r\nHost: localhost",
                "Host: localhost\r\nHost: evil.example",
                "Host: [::1",
                "Host: localhost:80:80"
            })
    void a_foreign_missing_or_second_host_is_refused(String header) throws IOException {
        assertThat(upgrade("/ws/agents", header)).isBetween(400, 403);
        assertThat(upgrade("/ws/agent", header)).isBetween(400, 403);
    }

    @Test
    void a_page_behind_a_proxy_is_not_the_operator() throws IOException {
        for (String header :
                new String[] {"X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "X-Forwarded-Host: x"}) {
            assertThat(upgrade("/ws/agents", "Host: localhost", header)).isEqualTo(401);
        }
    }

    @Test
    void a_bad_token_is_refused_even_where_none_is_needed() {
        assertThat(WsClient.refusal(gateway.ws("/ws/agents"), "Authorization", "Bearer nonsense"))
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agents?token=eyJhbGciOiJub25lIn0.e30.")))
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agents"), "Sec-WebSocket-Protocol", "fairlead.v1, bearer.nonsense"))
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agent"), "Authorization", "Bearer nonsense"))
                .isEqualTo(401);
    }

    @Test
    void the_header_wins_over_sub_protocol_and_query() {
        String good = gateway.registrationToken("agent-1");

        assertThat(WsClient.refusal(gateway.ws("/ws/agent?token=" + good), "Authorization", "Bearer nonsense"))
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agent?token=" + good), "Sec-WebSocket-Protocol", "bearer.nonsense"))
                .isEqualTo(401);
    }

    @Test
    void a_token_of_the_wrong_role_is_forbidden() {
        String operator = operatorToken();
        String registration = gateway.registrationToken("agent-1");

        assertThat(WsClient.refusal(gateway.ws("/ws/agent"), "Authorization", "Bearer " + operator))
                .isEqualTo(403);
        assertThat(WsClient.refusal(gateway.ws("/ws/agents"), "Authorization", "Bearer " + registration))
                .isEqualTo(403);
        assertThat(gateway.get("/api/agents", "Authorization", "Bearer " + registration)
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "'fairlead.v1', fairlead.v1",
        "'construct.v1', construct.v1",
        "'construct.v1, fairlead.v1', construct.v1",
        "'unknown.v9, fairlead.v1', fairlead.v1"
    })
    void the_first_supported_sub_protocol_is_echoed(String offered, String chosen) {
        try (WsClient client = WsClient.connect(gateway.ws("/ws/agents"), "Sec-WebSocket-Protocol", offered)) {
            assertThat(client.subProtocol()).isEqualTo(chosen);
        }
    }

    @Test
    void a_token_as_sub_protocol_is_taken_and_never_echoed() throws IOException {
        String token = operatorToken();
        try (RawHttp http = new RawHttp(gateway.port())) {
            String head = http.request(
                            "GET /ws/agents HTTP/1.1",
                            "Host: localhost",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            "Sec-WebSocket-Protocol: bearer." + token + ", fairlead.v1")
                    .head();
            assertThat(head).startsWith("HTTP/1.1 101").containsIgnoringCase("sec-websocket-protocol: fairlead.v1");
            assertThat(head).doesNotContain("bearer.");
        }
    }

    @Test
    void an_unknown_stream_is_not_found_and_a_plain_request_is_told_what_it_is() {
        assertThat(WsClient.refusal(gateway.ws("/ws/nothing"))).isEqualTo(404);
        assertThat(gateway.get("/ws/agents").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "0xC1, 1002", // reserved bit
        "0x83, 1002", // reserved opcode
        "0x8B, 1002", // reserved control opcode
        "0x09, 1002", // fragmented control frame
        "0x80, 1002", // continuation of nothing
        "0x82, 1008" // binary
    })
    void what_rfc_6455_forbids_ends_the_connection_with_its_code(String firstByte, int code) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port()).upgrade("/ws/agents")) {
            http.frame(Integer.decode(firstByte), new byte[] {'{', '}'});

            assertThat(http.closeCode()).isEqualTo(code);
        }
    }

    @Test
    void an_unmasked_frame_is_a_protocol_error() throws IOException {
        try (RawHttp http = new RawHttp(gateway.port()).upgrade("/ws/agents")) {
            http.send(new byte[] {(byte) 0x81, 2, '{', '}'});

            assertThat(http.closeCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 65535})
    void a_close_code_nobody_may_send_is_a_protocol_error(int code) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port()).upgrade("/ws/agents")) {
            http.frame(0x88, new byte[] {(byte) (code >> 8), (byte) code});

            assertThat(http.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void text_that_is_not_utf8_is_closed_1007() throws IOException {
        byte[][] bad = {
            {(byte) 0xFF},
            {(byte) 0xC3},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}
        };
        for (byte[] text : bad) {
            for (String path : new String[] {"/ws/agents", "/ws/agent"}) {
                try (RawHttp http = new RawHttp(gateway.port()).upgrade(path)) {
                    assertThat(http.frame(0x81, text).closeCode()).isEqualTo(1007);
                }
            }
        }
    }

    @Test
    void a_character_split_over_fragments_is_still_utf8() throws IOException {
        byte[] whole = "{\"type\":\"ä\"}".getBytes(StandardCharsets.UTF_8);
        try (RawHttp http = new RawHttp(gateway.port()).upgrade("/ws/agents")) {
            http.frame(0x01, java.util.Arrays.copyOf(whole, 10));
            http.frame(0x80, java.util.Arrays.copyOfRange(whole, 10, whole.length));
            http.frame(0x88, new byte[] {0x03, (byte) 0xE8});

            assertThat(http.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void a_frame_and_a_message_over_256_kib_are_closed_1009_by_the_name_of_the_setting() throws IOException {
        byte[] tooLong = {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 0};
        try (RawHttp http = new RawHttp(gateway.port()).upgrade("/ws/agents")) {
            http.send(tooLong);
            assertThat(http.closeCode()).isEqualTo(1009);
        }
        try (RawHttp http = new RawHttp(gateway.port()).upgrade("/ws/agents")) {
            http.send(tooLong);
            await().atMost(Duration.ofSeconds(10)).until(() -> http.sees("ws.max_frame"));
        }
        for (String path : new String[] {"/ws/agents", "/ws/agent"}) {
            try (RawHttp http = new RawHttp(gateway.port()).upgrade(path)) {
                http.frame(0x01, new byte[60_000]);
                for (int i = 0; i < 4; i++) {
                    http.frame(0x00, new byte[60_000]);
                }
                assertThat(http.closeCode()).isEqualTo(1009);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "42",
                "{}",
                "{\"type\":1}",
                "{\"type\":\"ping\"}x",
                "{\"type\":\"ping\",\"type\":\"x\"}"
            })
    void what_is_no_frame_of_a_stream_is_closed_1008(String text) {
        WsClient client = WsClient.connect(gateway.ws("/ws/agents")).send(text);

        assertThat(client.next("error").get("code").asText()).isEqualTo("invalid_frame");
        assertThat(client.closed().code()).isEqualTo(1008);
    }

    @Test
    void json_nested_over_32_deep_is_refused() {
        WsClient client = WsClient.connect(gateway.ws("/ws/agents"))
                .send("{\"type\":\"ping\",\"x\":" + "[".repeat(40) + "]".repeat(40) + "}");
        assertThat(client.closed().code()).isEqualTo(1008);

        WsClient agent = WsClient.connect(gateway.ws("/ws/agent"))
                .send("{\"subject\":\"agent.register\",\"data\":{\"x\":" + "[".repeat(40) + "]".repeat(40) + "}}");
        assertThat(agent.next().get("data").get("error").get("code").asText()).isEqualTo("invalid_json");
        assertThat(agent.isOpen()).isTrue();
        agent.close();
    }

    @Test
    void an_unknown_type_is_an_error_and_ping_is_answered_at_once() {
        try (WsClient client = WsClient.connect(gateway.ws("/ws/agents"))) {
            client.send("{\"type\":\"dance\"}").send("{\"type\":\"ping\"}");

            assertThat(client.next("error").get("code").asText()).isEqualTo("unknown_type");
            assertThat(client.next("pong").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void deflate_is_not_negotiated() throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            String head = http.request(
                            "GET /ws/agents HTTP/1.1",
                            "Host: localhost",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                    .head();
            assertThat(head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("permessage-deflate");
        }
    }

    /** Version 8 says where a page is from in {@code Sec-WebSocket-Origin}, 0 has frames without a mask. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Version: 8",
                "Sec-WebSocket-Version: 7",
                "Sec-WebSocket-Version: 0",
                "Sec-WebSocket-Version: 99",
                "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5"
            })
    void a_draft_of_the_protocol_is_refused_and_told_the_version(String line) throws IOException {
        for (String path : List.of("/ws/agent", "/ws/agents")) {
            try (RawHttp http = new RawHttp(gateway.port())) {
                String head = http.request(
                                "GET " + path + " HTTP/1.1",
                                "Host: localhost",
                                "Upgrade: websocket",
                                "Connection: Upgrade",
                                line,
                                "Sec-WebSocket-Origin: https://evil.example",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                        .head();
                assertThat(head).startsWith("HTTP/1.1 400").containsIgnoringCase("sec-websocket-version: 13");
                assertThat(http.isEnded()).isTrue();
            }
        }
    }

    @Test
    void a_request_head_that_never_ends_is_cut_off() throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            http.send("GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

            assertThat(http.isEnded()).isTrue();
        }
    }

    private static int upgrade(String path, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            String[] lines = new String[5 + headers.length];
            lines[0] = "GET " + path + " HTTP/1.1";
            lines[1] = "Upgrade: websocket";
            lines[2] = "Connection: Upgrade";
            lines[3] = "Sec-WebSocket-Version: 13";
            lines[4] = "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(new byte[16]);
            System.arraycopy(headers, 0, lines, 5, headers.length);
            return http.request(lines).status();
        }
    }

    private static RunningGateway.Reply rest(String... headers) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            String[] lines = new String[1 + headers.length];
            lines[0] = "GET /api/agents HTTP/1.1";
            System.arraycopy(headers, 0, lines, 1, headers.length);
            String head = http.request(lines).head();
            int length = Integer.parseInt(head.toLowerCase(java.util.Locale.ROOT)
                    .split("content-length: ", 2)[1]
                    .split("\r\n", 2)[0]);
            return new RunningGateway.Reply(Integer.parseInt(head.split(" ", 3)[1]), http.json(length), null);
        }
    }

    private static String operatorToken() {
        return gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .get("token")
                .asText();
    }
}
