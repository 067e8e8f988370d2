package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.Account;
import dev.fairlead.gateway.testing.Curl;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a credential only the user who runs the gateway is the operator, and none of its instances. */
@Tag("attack")
@Tag("alone")
class LocalTrustIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void the_user_who_runs_the_gateway_needs_no_token() {
        assertThat(Curl.get(agents("127.0.0.1")).status()).isEqualTo(200);
        assertThat(Curl.get(agents("localhost")).status()).isEqualTo(200);
        assertThat(gateway.get("/api/agents").status()).isEqualTo(200); // through an IPv6 socket
    }

    @Test
    void another_account_of_the_machine_is_told_who_it_is_and_what_to_do() {
        Curl.Reply reply = Curl.as(Account.STRANGER, agents("127.0.0.1"));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(message(reply))
                .startsWith("You are games (uid 5); this gateway runs as ")
                .contains("Use `fairlead open` as that user, the admin password, or a token");
    }

    @Test
    void another_account_may_still_do_what_needs_no_operator() {
        assertThat(Curl.as(Account.STRANGER, "http://127.0.0.1:" + gateway.port() + "/api/health")
                        .status())
                .isEqualTo(200);
        assertThat(Curl.as(
                                Account.STRANGER,
                                agents("127.0.0.1"),
                                "-H",
                                "Authorization: Bearer " + RunningGateway.PASSWORD)
                        .status())
                .isEqualTo(200);
    }

    /** Its row shows uid 0, whoever's it was: which is this gateway's own, where root runs it. */
    @Test
    void a_socket_that_was_closed_behind_its_request_is_nobodys() throws Exception {
        String body = "{\"name\":\"ghost\",\"command\":[\"true\"]}";
        String request = "POST /api/instances HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\n"
                + "Content-Length: " + body.length() + "\\r\\n\\r\\n" + body.replace("\"", "\\\"");
        List<String> command = new ArrayList<>(Account.STRANGER.prefix());
        command.addAll(List.of(
                "bash",
                "-c",
                "for i in $(seq 50); do exec 3<>/dev/tcp/127.0.0.1/" + gateway.port() + "; printf \"" + request
                        + "\" >&3; exec 3>&-; done"));

        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();

        // Who comes later is judged later, so that by now all of those were.
        assertThat(Curl.get(agents("localhost")).status()).isEqualTo(200);
        assertThat(gateway.get("/api/instances/ghost").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=10.0.0.1",
                "X-Forwarded-For: 10.0.0.1",
                "X-Forwarded-Host: x",
                "X-Forwarded-Server: x",
                "X-Real-IP: 10.0.0.1",
                "Via: 1.1 proxy",
                "CF-Connecting-IP: 10.0.0.1",
                "True-Client-IP: 10.0.0.1",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: cross-site"
            })
    void what_a_proxy_or_a_foreign_page_adds_takes_the_trust_away(String header) {
        assertThat(Curl.get(agents("localhost"), "-H", header).status()).isIn(401, 403);
        assertThat(Curl.get(agents("localhost"), "-H", header, "-H", "Authorization: Bearer " + RunningGateway.PASSWORD)
                        .status())
                .isIn(200, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin"})
    void what_a_browser_says_of_the_own_page_does_not(String header) {
        assertThat(Curl.get(agents("localhost"), "-H", header).status()).isEqualTo(200);
    }

    @Test
    void a_process_of_an_instance_is_not_the_operator_however_far_down() throws IOException {
        String ask = "curl -s -o answer.tmp \"$FAIRLEAD_URL/api/agents\"; mv answer.tmp ";
        String url = "FAIRLEAD_URL=$(echo \"$FAIRLEAD_URL\" | sed s/^ws/http/); ";
        String script = url + ask + "child.json; setsid sh -c '" + ask + "session.json' & "
                // Forked twice, its first parents gone before it asks.
                + "(setsid sh -c '(while [ ! -e session.json ]; do sleep 0.05; done; " + ask + "twice.json) &' &); "
                + "exec sleep 600";
        create("curious", script);
        try {
            for (String answer : List.of("child.json", "session.json", "twice.json")) {
                Path file = folder.resolve("data/instances/curious").resolve(answer);
                await(answer).atMost(PATIENCE).until(() -> Files.exists(file));
                assertThat(FrameCodec.tree(Files.readString(file))
                                .path("error")
                                .path("message")
                                .asText())
                        .as(answer)
                        .isEqualTo("A process of instance 'curious' is not the operator: use FAIRLEAD_TOKEN");
            }
        } finally {
            gateway.post("/api/instances/curious/stop", "");
        }
    }

    @Test
    void many_that_come_at_once_are_all_let_in_and_the_loops_do_not_wait() {
        List<CompletableFuture<WsClient>> clients = IntStream.range(0, 100)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> WsClient.connect(gateway.ws("/ws/agents"))))
                .toList();

        clients.forEach(client -> {
            WsClient open = client.join();
            open.next("snapshot");
            open.close();
        });
    }

    @Test
    void where_a_token_is_required_nobody_goes_without() {
        try (RunningGateway strict = RunningGateway.start(folder.resolve("strict"), "auth.mode=required");
                RunningGateway proxied =
                        RunningGateway.start(folder.resolve("proxied"), "http.behind_tls_proxy=true")) {
            assertThat(strict.get("/api/agents").status()).isEqualTo(401);
            assertThat(WsClient.refusal(strict.ws("/ws/agents"))).isEqualTo(401);
            assertThat(proxied.get("/api/agents").status()).isEqualTo(401);
            assertThat(WsClient.refusal(proxied.ws("/ws/agents"))).isEqualTo(401);
        }
    }

    private static void create(String name, String script) {
        String json = FrameCodec.object()
                .put("name", name)
                .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                        "command",
                        FrameCodec.object().arrayNode().add("sh").add("-c").add(script))
                .toString();
        assertThat(gateway.post("/api/instances", json).status()).isEqualTo(201);
        assertThat(gateway.post("/api/instances/" + name + "/start", "").status())
                .isEqualTo(202);
    }

    private static String agents(String host) {
        return "http://" + host + ":" + gateway.port() + "/api/agents";
    }

    private static String message(Curl.Reply reply) {
        return FrameCodec.tree(reply.body()).path("error").path("message").asText();
    }
}
