package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.MovableTime;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stranger's requests and connections cost, and whom: nobody else. */
@Tag("attack")
class IntakeIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 24;

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private final List<RawHttp> open = new ArrayList<>();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"),
                time,
                "auth.mode=required",
                "http.max_connections=" + CONNECTIONS,
                "http.max_bodies=1MiB",
                "http.max_unread=1MiB");
    }

    @AfterEach
    void stop() throws IOException {
        for (RawHttp one : open) {
            one.close();
        }
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/nothing, application/json, 1000, 404",
        "/api/messages, application/json, 1000, 401",
        "/api/messages, text/plain, 1000, 415",
        "/api/login, application/json, 5000, 413",
        "/api/messages, application/json, 2000000, 401"
    })
    void a_request_is_refused_by_its_head_before_any_of_its_body(String path, String type, int length, int status)
            throws IOException {
        RawHttp client = connect();
        client.request(
                "POST " + path + " HTTP/1.1", "Host: localhost", "Content-Type: " + type, "Content-Length: " + length);
        assertThat(client.status()).isEqualTo(status);
    }

    @Test
    void a_body_larger_than_said_is_refused_where_it_passes_the_bound() throws IOException {
        RawHttp client = connect();
        client.request(
                "POST /api/login HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked");
        client.send("1388\r\n" + "x".repeat(5000) + "\r\n");
        String head = client.head();
        assertThat(head).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void bodies_in_progress_are_bounded_together_and_given_back() throws IOException {
        String head = "POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + RunningGateway.PASSWORD + "\r\nContent-Length: 400000\r\n\r\n";
        RawHttp first = connect().send(head + " ".repeat(300_000));
        RawHttp second = connect().send(head + " ".repeat(300_000));
        // One address has half of the budget: which of the two is in time is no matter.
        RawHttp[] refused = {null};
        await().atMost(SOON).until(() -> {
            for (RawHttp one : List.of(first, second)) {
                if (refused[0] == null && one.sees("HTTP/1.1 429")) {
                    refused[0] = one;
                }
            }
            return refused[0] != null;
        });
        RawHttp taken = refused[0] == first ? second : first;
        taken.send(" ".repeat(100_000));
        assertThat(taken.status()).isEqualTo(400); // white space alone is no JSON
        RawHttp third = connect().send(head + " ".repeat(400_000));
        assertThat(third.status()).isEqualTo(400);
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
    void pipelined_requests_are_answered_in_order_and_too_many_end_the_connection() throws IOException {
        String request = "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        RawHttp client = connect();
        client.send(request.repeat(16));
        for (int i = 0; i < 16; i++) {
            String head = client.head();
            assertThat(head).startsWith("HTTP/1.1 200");
            client.json(Integer.parseInt(head.toLowerCase(java.util.Locale.ROOT)
                    .split("content-length: ", 2)[1]
                    .split("\r\n", 2)[0]));
        }
        RawHttp flood = connect();
        flood.send(request.repeat(400));
        assertThat(flood.isEnded()).isTrue();
    }

    @Test
    void a_client_that_takes_no_answers_is_not_read_from_and_closed_after_ten_seconds() throws IOException {
        String request = "GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
        RawHttp client = connect(4096);
        // So many answers that the network's buffers cannot hold them, sent so that few wait at a time.
        for (int i = 0; i < 120; i++) {
            client.send(request);
        }
        time.advance(Duration.ofSeconds(9));
        assertThat(gateway.get("/api/health").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            time.advance(Duration.ofSeconds(11));
            try {
                client.send(request.repeat(50));
                return false;
            } catch (IOException cut) {
                return true;
            }
        });
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
        return connect(0);
    }

    private RawHttp connect(int receiveBuffer) throws IOException {
        RawHttp client = new RawHttp(gateway.port(), receiveBuffer);
        open.add(client);
        return client;
    }

    private RawHttp from(String address) throws IOException {
        RawHttp client = RawHttp.from(address, gateway.port());
        open.add(client);
        return client;
    }
}
