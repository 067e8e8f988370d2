package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands make of each answer, against an HTTP server that gives it. */
class GatewayCallsTest {

    private static final String TOKEN =
            "{\"token\":\"t.o.k\",\"agent_name\":\"a1\",\"expires_at\":\"2026-02-20T01:23:45.000Z\"}";
    private static final String REFUSED = "{\"error\":{\"code\":\"unauthorized\",\"message\":\"Who asks?\"}}";

    @TempDir
    Path home;

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private TestConsole console;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.start();
        console = new TestConsole(home)
                .with("FAIRLEAD_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void a_new_token_stands_alone_on_stdout() {
        answer(201, TOKEN);
        assertThat(console.run("token", "create", "a1")).isZero();
        assertThat(console.out()).isEqualTo("t.o.k" + System.lineSeparator());
        assertThat(console.err()).contains("Good until").doesNotContain("t.o.k");
        assertThat(seen).containsExactly("POST /api/admin/tokens - {\"agent_name\":\"a1\"}");
    }

    @Test
    void json_is_the_answer_as_it_came() {
        answer(201, TOKEN);
        console.run("token", "create", "a1", "--output", "json");
        assertThat(console.out().strip()).isEqualTo(TOKEN);
        assertThat(console.err()).isEmpty();
    }

    @Test
    void agents_are_listed_in_columns_that_steer_no_terminal() {
        answer(
                200,
                "{\"agents\":[{\"name\":\"a1\",\"status\":\"online\",\"last_seen\":null,\"version\":\"\\u001b[2J\"}]}");
        assertThat(console.run("agents", "ls")).isZero();
        assertThat(console.out()).contains("NAME", "a1    online").doesNotContain("\u001b");
    }

    @Test
    void a_revoked_agent_leaves_stdout_empty() {
        answer(204, "");
        assertThat(console.run("agents", "revoke", "a1")).isZero();
        assertThat(console.out()).isEmpty();
        assertThat(seen).containsExactly("DELETE /api/agents/a1 - ");
    }

    @ParameterizedTest
    @CsvSource({"401, 4", "403, 4", "404, 1", "409, 1", "429, 1", "503, 1"})
    void a_refusal_becomes_an_exit_code_and_its_message(int status, int exit) {
        answer(status, REFUSED);
        assertThat(console.run("agents", "ls")).isEqualTo(exit);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).contains("Who asks?");
    }

    @Test
    void what_is_no_gateway_is_told_so() {
        answer(200, "<html>");
        assertThat(console.run("agents", "ls")).isEqualTo(1);
        assertThat(console.err()).contains("not a gateway");
    }

    @Test
    void a_closed_port_exits_with_3() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(console.run("agents", "ls", "--gateway-url", "http://127.0.0.1:" + free))
                .isEqualTo(3);
        assertThat(console.err()).contains("fairlead serve");
    }

    @Test
    void the_kept_password_is_used_only_when_asked_who_asks() throws IOException {
        Files.createDirectories(home.resolve(".fairlead"));
        Files.writeString(home.resolve(".fairlead/admin-password"), "kept\n");
        server.createContext("/", call -> {
            boolean known = note(call).isPresent();
            reply(call, known ? 201 : 401, known ? TOKEN : REFUSED);
        });
        assertThat(console.run("token", "create", "a1")).isZero();
        assertThat(seen).hasSize(2);
        assertThat(seen.get(1)).contains("Bearer kept");
    }

    @Test
    void the_kept_password_goes_to_this_machine_alone() throws IOException {
        Files.createDirectories(home.resolve(".fairlead"));
        Files.writeString(home.resolve(".fairlead/admin-password"), "kept\n");
        answer(401, REFUSED);
        String local = "http://127.0.0.2:" + server.getAddress().getPort();
        console.run("agents", "ls", "--gateway-url", local);
        assertThat(seen).containsExactly("GET /api/agents - ");
    }

    @Test
    void an_option_is_stronger_than_the_environment_and_a_token_than_the_password() throws IOException {
        answer(200, "{\"agents\":[]}");
        Path file = Files.writeString(home.resolve("pw"), "from-file\n");
        console.with("FAIRLEAD_ADMIN_PASSWORD", "from-env").run("agents", "ls");
        console.with("FAIRLEAD_TOKEN", "token-env").run("agents", "ls");
        console.run("agents", "ls", "--password-file", file.toString());
        console.typing("typed\n").run("agents", "ls", "--password-stdin");
        assertThat(seen)
                .containsExactly(
                        "GET /api/agents Bearer from-env ",
                        "GET /api/agents Bearer token-env ",
                        "GET /api/agents Bearer from-file ",
                        "GET /api/agents Bearer typed ");
    }

    @Test
    void a_refused_password_shows_nowhere() {
        answer(401, REFUSED);
        assertThat(console.with("FAIRLEAD_ADMIN_PASSWORD", "c4n4ry").run("agents", "ls"))
                .isEqualTo(4);
        assertThat(console.out() + console.err()).doesNotContain("c4n4ry");
    }

    private void answer(int status, String body) {
        server.createContext("/", call -> {
            note(call);
            reply(call, status, body);
        });
    }

    private Optional<String> note(HttpExchange call) throws IOException {
        Optional<String> bearer = Optional.ofNullable(call.getRequestHeaders().getFirst("Authorization"));
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        seen.add(call.getRequestMethod() + " " + call.getRequestURI() + " " + bearer.orElse("-") + " " + body);
        return bearer;
    }

    private static void reply(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }
}
