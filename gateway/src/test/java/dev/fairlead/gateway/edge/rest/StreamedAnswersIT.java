package dev.fairlead.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent piece by piece ends with the session, token or key of who asked, as their sockets do. */
@Tag("attack")
class StreamedAnswersIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    @TempDir
    static Path folder;

    private static final MovableTime TIME = new MovableTime();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"), TIME, "auth.mode=required");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void logging_out_ends_what_the_session_listens_to_and_nobody_elses() {
        List<String> mine = login();
        List<String> others = login();
        Listening ended = listening(mine);
        Listening goesOn = listening(others);

        assertThat(gateway.post("/api/logout", "", mine.toArray(String[]::new)).status())
                .isEqualTo(204);

        ended.isCutOff();
        assertThat(goesOn.over).isNotDone();
        assertThat(gateway.delete("/api/logins?others=true", "Authorization", ADMIN)
                        .status())
                .isEqualTo(204);
        goesOn.isCutOff();
    }

    @Test
    void a_key_that_is_revoked_ends_what_it_waits_for() {
        JsonNode key = key();
        List<String> reader =
                List.of("Authorization", "Bearer " + key.path("token").asText());
        create("wanted");
        JsonNode waits = gateway.post(
                        "/mcp",
                        call("\"name\":\"start_instance\",\"arguments\":{\"name\":\"wanted\"}"),
                        headers(reader, "MCP-Protocol-Version", "2025-11-25"))
                .body();
        String approval = waits.at("/result/structuredContent/approval_id").asText();
        Listening ended = new Listening(
                call("\"name\":\"get_approval\",\"arguments\":{\"approval_id\":\"" + approval
                        + "\",\"wait_seconds\":30},\"_meta\":{\"progressToken\":1}"),
                headers(reader, "MCP-Protocol-Version", "2025-11-25"));
        ended.hears("notifications/progress");

        assertThat(gateway.delete("/api/admin/tokens/" + key.path("id").asText(), "Authorization", ADMIN)
                        .status())
                .isEqualTo(204);

        ended.isCutOff();
    }

    @Test
    void an_operators_token_is_outlived_by_nothing_it_listens_to() {
        String token = gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .path("token")
                .asText();
        Listening ended = listening(List.of("Authorization", "Bearer " + token));
        Listening goesOn = listening(List.of("Authorization", ADMIN));

        TIME.advance(Duration.ofHours(12));

        ended.isCutOff();
        assertThat(goesOn.over).isNotDone();
    }

    /** An answer in events, read as they come. */
    private static final class Listening {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final CompletableFuture<?> over;

        Listening(String json, String... headers) {
            over = HTTP.sendAsync(
                            HttpRequest.newBuilder(gateway.http("/mcp"))
                                    .headers(headers)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(json))
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines())
                    .thenAcceptAsync(answer -> {
                        try (Stream<String> lines = answer.body()) {
                            lines.forEach(heard::add);
                        }
                    });
        }

        void hears(String words) {
            await().untilAsserted(() -> assertThat(heard).anyMatch(line -> line.contains(words)));
        }

        /** Not as an answer ends that was told whole. */
        void isCutOff() {
            await().atMost(AT_ONCE.multipliedBy(2)).until(over::isDone);
            assertThat(over).isCompletedExceptionally();
        }
    }

    private static Listening listening(List<String> credentials) {
        Listening begun = new Listening(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":"
                        + "{\"resourcesListChanged\":true}," + META + "}}",
                headers(credentials, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen"));
        begun.hears("notifications/subscriptions/acknowledged");
        return begun;
    }

    private static String call(String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{" + params + "}}";
    }

    private static String[] headers(List<String> credentials, String... more) {
        return Stream.concat(credentials.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** The headers of a page that has just logged in. */
    private static List<String> login() {
        RunningGateway.Reply reply = gateway.post(
                "/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}", "X-Fairlead", "dashboard");
        String cookie = reply.raw().headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("fairlead_session_"))
                .findFirst()
                .orElseThrow()
                .split(";", 2)[0];
        return List.of(
                "Cookie", cookie, "X-Fairlead", reply.body().path("session_key").asText());
    }

    private static JsonNode key() {
        return gateway.post(
                        "/api/admin/tokens",
                        "{\"kind\":\"mcp\",\"name\":\"claude\",\"scopes\":[\"read\"]}",
                        "Authorization",
                        ADMIN)
                .body();
    }

    private static void create(String name) {
        assertThat(gateway.post(
                                "/api/instances",
                                "{\"name\":\"" + name + "\",\"command\":[\"sleep\",\"600\"]}",
                                "Authorization",
                                ADMIN)
                        .status())
                .isEqualTo(201);
    }
}
