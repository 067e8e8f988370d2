package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.gateway.auth.GatewayIdentity;
import java.io.IOException;
import java.net.InetAddress;
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
import org.junit.jupiter.api.Timeout;
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
    private final List<String> devices = Collections.synchronizedList(new ArrayList<>());
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
    void the_kept_password_is_changed_for_a_token_with_the_gateway_that_proves_to_be_it() throws IOException {
        GatewayIdentity identity = keep("kept");
        answerAs(identity);
        assertThat(console.run("token", "create", "a1")).isZero();
        assertThat(seen)
                .containsExactly(
                        "POST /api/admin/tokens - {\"agent_name\":\"a1\"}",
                        "GET /api/health - ",
                        "POST /api/login - {\"password\":\"kept\"}",
                        "POST /api/admin/tokens Bearer eyJ.a.b {\"agent_name\":\"a1\"}");
    }

    @Test
    void whoever_does_not_prove_to_be_the_gateway_is_told_nothing() throws IOException {
        keep("kept");
        answerAs(GatewayIdentity.parse(GatewayIdentity.newKey()));
        assertThat(console.run("token", "create", "a1")).isEqualTo(4);
        assertThat(console.err()).contains("did not prove to be your gateway", "--data-dir");
        assertThat(console.with("FAIRLEAD_ADMIN_PASSWORD", "kept").run("agents", "ls"))
                .isEqualTo(4);
        assertThat(console.with("FAIRLEAD_TOKEN", "eyJ.kept.x").run("agents", "ls"))
                .isEqualTo(4);
        assertThat(seen).isNotEmpty().allSatisfy(request -> assertThat(request)
                .doesNotContain("kept")
                .doesNotContain("Bearer"));
    }

    @Test
    @Timeout(60) // one that takes whoever answers for a gateway comes back for ever
    void an_agent_shows_its_token_to_nobody_who_does_not_prove_to_be_the_gateway() throws IOException {
        keep("kept");
        answerAs(GatewayIdentity.parse(GatewayIdentity.newKey()));
        console.with("FAIRLEAD_TOKEN", "eyJ.kept.x");
        String host = console.variable("FAIRLEAD_URL").replaceFirst("^http://[^:]*", "");
        for (String url : List.of("http://localhost", "http://127.0.0.1", "ws://localhost", "ws://127.0.0.1")) {
            assertThat(console.run("agent", "--name", "a1", "--gateway-url", url + host))
                    .as(url)
                    .isEqualTo(4);
        }
        assertThat(console.err()).contains("did not prove to be your gateway", "--data-dir");
        assertThat(seen).containsOnly("GET /api/health - ");
    }

    @Test
    void a_gateway_that_is_relayed_to_is_not_the_one_that_was_dialled() throws IOException {
        GatewayIdentity identity = keep("kept");
        server.createContext("/api/health", call -> {
            String nonce = call.getRequestURI().getQuery().split("=", 2)[1];
            int elsewhere = server.getAddress().getPort() + 1;
            reply(
                    call,
                    200,
                    "{\"proof\":\"" + identity.proof(nonce, InetAddress.getLoopbackAddress(), elsewhere) + "\"}");
        });
        answer(401, REFUSED);
        assertThat(console.run("agents", "ls")).isEqualTo(4);
        assertThat(seen).containsExactly("GET /api/agents - ");
    }

    @Test
    void the_kept_password_goes_to_this_machine_alone() throws IOException {
        keep("kept");
        answer(401, REFUSED);
        String local = "http://127.0.0.2:" + server.getAddress().getPort();
        console.run("agents", "ls", "--gateway-url", local);
        assertThat(seen).containsExactly("GET /api/agents - ");
    }

    @Test
    void a_token_is_sent_as_it_is_and_a_password_never_with_a_call() throws IOException {
        answerAs(GatewayIdentity.parse(GatewayIdentity.newKey()));
        Path file = Files.writeString(home.resolve("pw"), "from-file\n");
        console.with("FAIRLEAD_ADMIN_PASSWORD", "from-env").run("agents", "ls");
        console.with("FAIRLEAD_TOKEN", "eyJ.token.env").run("agents", "ls");
        console.run("agents", "ls", "--password-file", file.toString());
        console.typing("typed\n").run("agents", "ls", "--password-stdin");
        assertThat(seen)
                .containsExactly(
                        "POST /api/login - {\"password\":\"from-env\"}",
                        "GET /api/agents Bearer eyJ.a.b ",
                        "GET /api/agents Bearer eyJ.token.env ",
                        "POST /api/login - {\"password\":\"from-file\"}",
                        "GET /api/agents Bearer eyJ.a.b ",
                        "POST /api/login - {\"password\":\"typed\"}",
                        "GET /api/agents Bearer eyJ.a.b ");
    }

    @Test
    void what_makes_it_known_again_is_kept_and_shown_with_the_next_login() throws IOException {
        answerAs(GatewayIdentity.parse(GatewayIdentity.newKey()));
        console.with("FAIRLEAD_ADMIN_PASSWORD", "secret");
        console.run("agents", "ls");
        console.run("agents", "ls");
        assertThat(devices).containsExactly("", "fairlead_device_1=mark");
    }

    @Test
    void a_refused_password_shows_nowhere() {
        answer(401, REFUSED);
        assertThat(console.with("FAIRLEAD_ADMIN_PASSWORD", "c4n4ry").run("agents", "ls"))
                .isEqualTo(4);
        assertThat(console.out() + console.err()).doesNotContain("c4n4ry");
    }

    private GatewayIdentity keep(String password) throws IOException {
        String key = GatewayIdentity.newKey();
        Files.createDirectories(home.resolve(".fairlead"));
        Files.writeString(home.resolve(".fairlead/admin-password"), password + "\n");
        Files.writeString(home.resolve(".fairlead/identity-key"), key + "\n");
        return GatewayIdentity.parse(key);
    }

    /** A gateway with that key, which wants to know who asks. */
    private void answerAs(GatewayIdentity identity) {
        server.createContext("/api/health", call -> {
            seen.add("GET /api/health - ");
            String nonce = call.getRequestURI().getQuery().split("=", 2)[1];
            InetSocketAddress here = call.getLocalAddress();
            reply(call, 200, "{\"proof\":\"" + identity.proof(nonce, here.getAddress(), here.getPort()) + "\"}");
        });
        server.createContext("/api/login", call -> {
            devices.add(Optional.ofNullable(call.getRequestHeaders().getFirst("Cookie"))
                    .orElse(""));
            note(call);
            call.getResponseHeaders().add("Set-Cookie", "fairlead_session_1=handle; HttpOnly");
            call.getResponseHeaders().add("Set-Cookie", "fairlead_device_1=mark; HttpOnly");
            reply(call, 200, "{\"token\":\"eyJ.a.b\",\"expires_at\":\"2026-02-20T01:23:45.000Z\"}");
        });
        server.createContext("/", call -> {
            boolean known = note(call).isPresent();
            String path = call.getRequestURI().getPath();
            reply(call, known ? 201 : 401, !known ? REFUSED : path.equals("/api/agents") ? "{\"agents\":[]}" : TOKEN);
        });
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
