package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What became of an instance, as REST tells it. */
@ExtendWith(BlockedLoops.class)
class InstanceHistoryIT extends OneGatewayOfInstances {
    private static final Duration SOON = Duration.ofSeconds(10);

    InstanceHistoryIT() {
        super("instances.stop_grace=1s");
    }

    @Test
    void the_history_of_an_instance_is_told_in_pages_and_outlives_the_gateway() {
        create("fails", "[\"sh\",\"-c\",\"echo no config; exit 3\"]", "");
        act("fails", "start", 202);
        await().atMost(SOON).until(() -> "stopped".equals(status("fails")));
        gateway.close();
        gateway = RunningGateway.start(folder.resolve("data"));

        JsonNode page = gateway.get("/api/instances/fails/events?limit=2").body();
        assertThat(kinds(page)).containsExactly("stopped", "exited");
        JsonNode exit = page.get("events").get(1);
        assertThat(exit.get("exit_code").asInt()).isEqualTo(3);
        assertThat(exit.get("last_lines").get(0).asText()).isEqualTo("no config");
        JsonNode older = gateway.get("/api/instances/fails/events?before="
                        + page.get("cursor").asText())
                .body();
        assertThat(kinds(older)).containsExactly("running", "starting", "created");
        assertThat(older.get("events").get(1).get("actor").asText()).isEqualTo("operator");
        assertThat(older.has("cursor")).isFalse();

        assertThat(gateway.get("/api/instances/fails/events?before=x").status()).isEqualTo(400);
        assertThat(gateway.get("/api/instances/nobody/events").status()).isEqualTo(404);
        act("fails", "archive", 202);
        assertThat(gateway.delete("/api/instances/fails").status()).isEqualTo(204);
        create("fails", SLEEPER, "");
        assertThat(kinds(gateway.get("/api/instances/fails/events").body())).containsExactly("created");
    }

    private static List<String> kinds(JsonNode page) {
        List<String> kinds = new ArrayList<>();
        page.get("events").forEach(event -> kinds.add(event.get("kind").asText()));
        return kinds;
    }
}
