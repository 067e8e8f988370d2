package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger's requests and connections cost, and whom: nobody else. */
@Tag("attack")
class IntakeIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 24;

    @TempDir
    Path folder;

    private final List<RawHttp> open = new ArrayList<>();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"), "auth.mode=required", "http.max_connections=" + CONNECTIONS);
    }

    @AfterEach
    void stop() throws IOException {
        for (RawHttp one : open) {
            one.close();
        }
        gateway.close();
    }

    @Test
    void a_large_body_is_read_like_a_small_one() throws IOException {
        for (int length : new int[] {100, 200_000}) {
            assertThat(gateway.post(
                                    "/api/agents/nobody/request",
                                    "{\"subject\":\"work\",\"data\":\"" + "x".repeat(length) + "\"}",
                                    "Authorization",
                                    "Bearer " + RunningGateway.PASSWORD)
                            .body()
                            .get("error")
                            .get("code")
                            .asText())
                    .isEqualTo("agent_not_found");
            assertThat(gateway.post(
                                    "/api/agents/nobody/request",
                                    "{\"subject\":\"work\",\"data\":\"" + "x".repeat(length) + "\"",
                                    "Authorization",
                                    "Bearer " + RunningGateway.PASSWORD)
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void a_refused_upgrade_is_closed() throws IOException {
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            RawHttp client = connect();
            client.request(
                    "GET /ws/agents HTTP/1.1",
                    "Host: localhost",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(client.status()).isEqualTo(401);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void one_address_leaves_half_of_the_connections_to_others_and_all_count_until_they_are_closed() throws IOException {
        List<RawHttp> mine = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS / 2; i++) {
            mine.add(from("127.0.0.2"));
        }
        assertThat(from("127.0.0.2").isEnded()).isTrue();
        for (int i = 0; i < CONNECTIONS / 2; i++) {
            from("127.0.0.3");
        }
        assertThat(from("127.0.0.4").isEnded()).isTrue(); // there are no more for anybody

        mine.get(0).close();
        await().atMost(SOON).until(() -> {
            RawHttp client = from("127.0.0.4");
            try {
                client.request("GET /api/health HTTP/1.1", "Host: localhost");
                return client.status() == 200;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    private RawHttp connect() throws IOException {
        RawHttp client = new RawHttp(gateway.port());
        open.add(client);
        return client;
    }

    private RawHttp from(String address) throws IOException {
        RawHttp client = RawHttp.from(address, gateway.port());
        open.add(client);
        return client;
    }
}
