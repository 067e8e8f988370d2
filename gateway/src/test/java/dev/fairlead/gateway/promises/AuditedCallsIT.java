package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trail has what was refused and what failed as well, and a flood of that is one entry. */
@Tag("attack")
class AuditedCallsIT {
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
    void a_flood_of_what_is_refused_is_one_entry_a_minute() {
        int each = 100;
        for (int i = 0; i < each; i++) {
            assertThat(status("/api/agents", "Authorization", "Bearer eyJ.no." + i))
                    .isEqualTo(401);
            assertThat(status("/api/messages/" + i)).isEqualTo(401);
            assertThat(status("/api/instances", "Origin", "https://evil-" + i + ".example"))
                    .isEqualTo(403);
            assertThat(WsClient.refusal(gateway.ws("/ws/instances?" + i))).isEqualTo(401);
        }
        await().untilAsserted(() -> {
            List<JsonNode> refused = entries()
                    .filter(entry -> is(entry, "action", "access"))
                    .filter(entry -> is(entry, "actor", "anonymous"))
                    .toList();
            assertThat(refused.stream()
                            .mapToLong(entry -> entry.path("count").asLong())
                            .sum())
                    .isGreaterThanOrEqualTo(4L * each);
            // A slow machine takes more than the minute that one entry stands for.
            assertThat(refused).hasSizeLessThan(5).allSatisfy(entry -> assertThat(
                            entry.path("first_at").asText())
                    .isLessThanOrEqualTo(entry.path("at").asText()));
        });
    }

    @Test
    void a_wrong_password_and_a_wrong_registration_are_told() {
        assertThat(gateway.post("/api/login", "{\"password\":\"wrong password\"}")
                        .status())
                .isEqualTo(401);
        WsClient agent = WsClient.connect(gateway.ws("/ws/agent"));
        agent.send("{\"subject\":\"agent.register\",\"data\":{\"token\":\"eyJ.no.no\"}}");
        awaitEntry(entry -> is(entry, "action", "login") && is(entry, "outcome", "refused"));
        awaitEntry(entry -> is(entry, "action", "agent.register") && is(entry, "outcome", "refused"));
    }

    @Test
    void a_change_that_failed_is_told_once_by_whom_and_of_what() {
        admin("/api/instances/nobody/start", "");
        admin(
                "/api/orders",
                "{\"client_order_id\":\"one\",\"symbol\":\"SPY\",\"side\":\"buy\",\"quantity\":1,\"order_type\":\"market\"}");
        awaitEntry(entry -> is(entry, "action", "POST /api/instances/:name/start")
                && is(entry, "actor", "operator")
                && is(entry, "target", "nobody")
                && is(entry, "outcome", "failed")
                && is(entry, "detail", "instance_not_found"));
        awaitEntry(entry -> is(entry, "action", "order.submit"));
        assertThat(entries()).noneMatch(entry -> is(entry, "action", "POST /api/orders"));
    }

    @Test
    void what_the_operator_says_and_reads_in_bulk_is_told() {
        admin("/api/admin/tokens", "{\"agent_name\":\"listener\"}");
        admin("/api/agents/listener/request", "{\"subject\":\"x\"}");
        gateway.get("/api/instances/nobody/logs/download", "Authorization", ADMIN);
        admin("/api/messages", "{\"to\":\"nobody-yet\",\"type\":\"t\",\"payload\":{}}");
        awaitEntry(entry -> is(entry, "action", "agent.request") && is(entry, "target", "listener"));
        awaitEntry(entry -> is(entry, "action", "log.download") && is(entry, "target", "nobody"));
        awaitEntry(entry -> is(entry, "action", "message.send"));
    }

    private static void admin(String path, String body) {
        gateway.post(path, body, "Authorization", ADMIN);
    }

    private static int status(String path, String... headers) {
        return gateway.get(path, headers).status();
    }

    private static boolean is(JsonNode entry, String field, String value) {
        return entry.path(field).asText().equals(value);
    }

    private static void awaitEntry(Predicate<JsonNode> fits) {
        await().untilAsserted(() -> assertThat(entries()).anyMatch(fits));
    }

    private static Stream<JsonNode> entries() {
        JsonNode entries = gateway.get("/api/audit?limit=500", "Authorization", ADMIN)
                .body()
                .path("entries");
        return StreamSupport.stream(entries.spliterator(), false);
    }
}
