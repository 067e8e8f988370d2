package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wall clock that leaps, in operation and over a restart: nothing expires or is forgotten by it, and it is told. */
class ClockIT {
    private static final String WAITING = "{\"to\":\"away\",\"type\":\"t\",\"payload\":1,\"ttl_seconds\":600}";
    private static final String KEYED = "{\"to\":\"away\",\"type\":\"t\",\"payload\":2,\"idempotency_key\":\"once\"}";

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private RunningGateway gateway;
    private String waiting;
    private String keyed;

    @BeforeEach
    void start() {
        restart();
        new Agents(gateway).register("away").close();
        waiting = id(WAITING, 202);
        keyed = id(KEYED, 202);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_clock_30_days_ahead_expires_and_forgets_nothing_in_operation_and_over_a_restart() {
        time.shiftWallClock(Duration.ofDays(30));
        nothingIsExpiredOrForgotten();
        restart();
        nothingIsExpiredOrForgotten();
        assertThat(clock().path("status").asText()).isEqualTo("degraded");
        assertThat(gateway.get("/api/health").status()).isEqualTo(200);

        assertThat(trust("{\"trust\":false}")).isEqualTo(400);
        assertThat(clock().path("detail").asText()).contains("30 days ahead", "POST /api/admin/clock");
        assertThat(trust("{\"trust\":true}")).isEqualTo(200);
        assertThat(clock().path("status").asText()).isEqualTo("ok");
    }

    @Test
    void a_clock_that_was_a_day_behind_and_is_mended_expires_nothing_that_waits() {
        time.shiftWallClock(Duration.ofDays(-1));
        restart();
        assertThat(clock().path("detail").asText()).contains("behind");
        String later = id("{\"to\":\"away\",\"type\":\"t\",\"payload\":3}", 202);

        time.shiftWallClock(Duration.ofDays(1));
        restart();

        assertThat(clock().path("status").asText()).isEqualTo("ok");
        nothingIsExpiredOrForgotten();
        assertThat(status(later)).isEqualTo("accepted");
    }

    @Test
    void time_in_which_the_gateway_was_stopped_counts() {
        gateway.close();
        time.shiftWallClock(Duration.ofMinutes(20));
        restart();

        await().until(() -> status(waiting).equals("expired"));
        assertThat(status(keyed)).isEqualTo("accepted");
        assertThat(clock().path("status").asText()).isEqualTo("ok");
    }

    private void nothingIsExpiredOrForgotten() {
        assertThat(id(KEYED, 200)).isEqualTo(keyed);
        assertThat(status(waiting)).isEqualTo("accepted");
        assertThat(status(keyed)).isEqualTo("accepted");
    }

    private void restart() {
        if (gateway != null) {
            gateway.close();
        }
        gateway = RunningGateway.start(folder.resolve("data"), time);
    }

    private String id(String message, int status) {
        RunningGateway.Reply reply = gateway.post("/api/messages", message);
        assertThat(reply.status()).isEqualTo(status);
        return reply.body().path("message_id").asText();
    }

    private String status(String id) {
        return gateway.get("/api/messages/" + id).body().path("status").asText();
    }

    private JsonNode clock() {
        return gateway.get("/api/health").body().path("checks").path("clock");
    }

    private int trust(String body) {
        return gateway.post("/api/admin/clock", body, "Authorization", "Bearer " + RunningGateway.PASSWORD)
                .status();
    }
}
