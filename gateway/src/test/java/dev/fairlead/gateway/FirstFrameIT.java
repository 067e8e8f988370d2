package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first frame of a stream is the state, even where the client speaks at once. */
class FirstFrameIT {
    /** Which of both is faster is up to the system. */
    private static final int TRIES = 20;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder);
        assertThat(gateway.post("/api/instances", "{\"name\":\"quiet\",\"command\":[\"sleep\",\"1000\"]}")
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws/instances",
                "/ws/agents",
                "/ws/messages",
                "/ws/events",
                "/ws/token",
                "/ws/quotes?symbols=A",
                "/ws/instances/quiet/logs"
            })
    void a_client_that_speaks_first_hears_the_state_first(String path) throws IOException {
        byte[] spoken = frames("{\"type\":\"no_such_type\"}", "{\"type\":\"ping\"}");
        for (int i = 0; i < TRIES; i++) {
            try (RawHttp client = new RawHttp(gateway.port()).upgrade(path).send(spoken)) {
                assertThat(frame(client).path("type").asText()).isIn("snapshot", "backlog");
                assertThat(frame(client).path("code").asText()).isEqualTo("unknown_type");
                assertThat(frame(client).path("type").asText()).isEqualTo("pong");
            }
        }
    }

    @Test
    void what_is_no_frame_is_refused_after_the_state() throws IOException {
        byte[] spoken = frames("hello");
        for (int i = 0; i < TRIES; i++) {
            try (RawHttp client = new RawHttp(gateway.port())
                    .upgrade("/ws/instances/quiet/logs")
                    .send(spoken)) {
                assertThat(frame(client).path("type").asText()).isEqualTo("backlog");
                assertThat(frame(client).path("code").asText()).isEqualTo("invalid_frame");
                assertThat(client.closeCode()).isEqualTo(1008);
            }
        }
    }

    private static JsonNode frame(RawHttp client) throws IOException {
        return FrameCodec.tree(client.frameWith("\"type\""));
    }

    /** In one write, so that they are there before the stream's owner has answered. */
    private static byte[] frames(String... frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String frame : frames) {
            byte[] payload = frame.getBytes(StandardCharsets.UTF_8);
            bytes.write(0x81);
            bytes.write(0x80 | payload.length);
            bytes.writeBytes(new byte[4]);
            bytes.writeBytes(payload);
        }
        return bytes.toByteArray();
    }
}
