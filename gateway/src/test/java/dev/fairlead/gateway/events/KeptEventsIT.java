package dev.fairlead.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the stream of events told is kept: for those that come back, and for those that look back. */
@ExtendWith(BlockedLoops.class)
class KeptEventsIT {
    private static final String SHORT_RING = "streams.ring_events=3";

    @TempDir
    Path folder;

    @Test
    void a_client_that_was_away_while_the_gateway_started_anew_gets_all_it_missed_and_nothing_twice() {
        String left;
        try (RunningGateway gateway = RunningGateway.start(folder)) {
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));
            create(gateway, "seen");
            left = position(events.next(frame -> name(frame).equals("seen")));
            events.close();
            create(gateway, "missed");
        }
        try (RunningGateway gateway = RunningGateway.start(folder)) {
            WsClient events = WsClient.connect(gateway.ws("/ws/events?since=" + left));
            JsonNode resumed = events.next();
            assertThat(resumed.path("type").asText()).isEqualTo("resumed");
            assertThat(name(events.next())).isEqualTo("missed");
            create(gateway, "new");
            JsonNode next = events.next();
            assertThat(name(next)).isEqualTo("new");
            assertThat(next.path("epoch")).isEqualTo(resumed.path("epoch"));
            assertThat(next.path("seq").asLong()).isEqualTo(resumed.path("seq").asLong() + 2);
        }
    }

    @Test
    void who_left_before_the_gateway_was_killed_begins_anew_for_its_last_events_may_not_be_kept() {
        String data = folder.resolve("data").toString();
        String left;
        try (GatewayProcess gateway = GatewayProcess.serve(folder, Map.of(), "--port", "0", "--data-dir", data)) {
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));
            create(gateway, "seen");
            left = position(events.next(frame -> name(frame).equals("seen")));
            create(gateway, "kept");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.send("GET", "/api/events", "").body().contains("\"kept\""));
            gateway.kill();
        }
        try (GatewayProcess gateway = GatewayProcess.serve(folder, Map.of(), "--port", "0", "--data-dir", data)) {
            WsClient events = WsClient.connect(gateway.ws("/ws/events?since=" + left));
            assertThat(events.next().path("type").asText()).isEqualTo("snapshot");
        }
    }

    @Test
    void who_missed_more_than_the_ring_holds_gets_the_last_and_pages_back_to_the_first() {
        String left;
        try (RunningGateway gateway = RunningGateway.start(folder, SHORT_RING)) {
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));
            create(gateway, "seen");
            left = position(events.next(frame -> name(frame).equals("seen")));
            for (int i = 0; i < 8; i++) {
                create(gateway, "i" + i);
            }
        }
        try (RunningGateway gateway = RunningGateway.start(folder, SHORT_RING)) {
            JsonNode snapshot =
                    WsClient.connect(gateway.ws("/ws/events?since=" + left)).next();
            assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
            assertThat(names(snapshot.path("recent_events"))).containsExactly("i5", "i6", "i7");

            List<String> back = new ArrayList<>();
            String before = snapshot.path("older").asText();
            while (!before.isEmpty()) {
                JsonNode page =
                        gateway.get("/api/events?limit=4&before=" + before).body();
                back.addAll(names(page.path("events")));
                before = page.path("cursor").asText();
            }
            assertThat(back).containsExactly("i4", "i3", "i2", "i1", "i0", "seen");
            assertThat(names(gateway.get("/api/events?limit=2").body().path("events")))
                    .containsExactly("i7", "i6");
        }
    }

    @Test
    void a_page_shows_at_once_what_was_just_told_and_refuses_a_cursor_of_nobody() {
        try (RunningGateway gateway = RunningGateway.start(folder)) {
            assertThat(gateway.get("/api/events").body().path("events")).isEmpty();
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));
            assertThat(events.next().has("older")).isFalse();
            create(gateway, "one");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> names(gateway.get("/api/events").body().path("events")), List.of("one")::equals);
            var refused = gateway.get("/api/events?before=17");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().at("/error/message").asText()).contains("'before'");
        }
    }

    private static void create(RunningGateway gateway, String name) {
        assertThat(gateway.post(
                                "/api/instances",
                                "{\"name\":\"" + name + "\",\"command\":[\"sleep\",\"600\"],\"autostart\":false}")
                        .status())
                .isEqualTo(201);
    }

    private static void create(GatewayProcess gateway, String name) {
        assertThat(gateway.send(
                                "POST",
                                "/api/instances",
                                "{\"name\":\"" + name + "\",\"command\":[\"sleep\",\"600\"],\"autostart\":false}")
                        .statusCode())
                .isEqualTo(201);
    }

    private static String position(JsonNode frame) {
        return frame.path("epoch").asText() + ":" + frame.path("seq").asText();
    }

    private static String name(JsonNode frame) {
        return frame.path("name").asText();
    }

    private static List<String> names(JsonNode events) {
        return events.findValuesAsText("name");
    }
}
