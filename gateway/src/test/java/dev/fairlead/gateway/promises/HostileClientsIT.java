package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.promises.HostileClients.Kind;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of hostile client at once, in harmless numbers: a hundred agents and their operator work on beside them.
 */
@Tag("attack")
@Tag("alone")
class HostileClientsIT {
    private static final Duration IN_TIME = Duration.ofMillis(500);
    private static final Duration WELL_AGAIN = Duration.ofSeconds(5);
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration ALONE = Duration.ofSeconds(3);
    /** What a machine that does nothing else never comes to. */
    private static final Duration BUSY = Duration.ofMillis(100);

    private static final int AGENTS = 100;
    private static final long HEAP_MIB = 256; // as a small one has it
    private static final long BESIDE_HEAP_MIB = 256;
    private static final int RATE = 200; // frames a second an agent may send here: a flood takes few of them

    @TempDir
    Path folder;

    private final List<String> unanswered = new ArrayList<>();
    private final Histogram calls = new Histogram(3);
    private final HttpClient http = HttpClient.newHttpClient();
    private ServedGateway gateway;
    private String operator;
    private HonestFleet fleet;

    @BeforeEach
    void start() throws Exception {
        gateway = ServedGateway.startSmall(
                folder.resolve("data"),
                "auth.mode=required",
                "agents.max_rate=" + RATE,
                "messages.max_backlog_bytes=256KiB",
                "http.max_unread=8MiB",
                "http.max_bodies=4MiB",
                "http.max_connections=2000");
        operator = gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .get("token")
                .asText();
        fleet = new HonestFleet(gateway, folder.resolve("tokens"), AGENTS);
    }

    @AfterEach
    void stop() {
        fleet.close();
        gateway.close();
    }

    @Test
    void agents_and_their_operator_do_not_notice_hostile_clients_of_every_kind() throws Exception {
        underAttackFor(Duration.ofSeconds(15));
    }

    @Test
    @Tag("long")
    void agents_and_their_operator_do_not_notice_a_minute_of_hostile_clients_of_every_kind() throws Exception {
        underAttackFor(Duration.ofMinutes(1));
    }

    private void underAttackFor(Duration time) throws Exception {
        ask(WARM_UP);
        long connections = metric("fairlead_http_connections");
        measureAnew();
        ask(ALONE);
        Duration alone = slowest();

        try (HostileClients hostile = HostileClients.start(port(), kinds())) {
            ask(WARM_UP); // who attacks for the first time has code loaded and compiled
            measureAnew();
            ask(time);
            assertThat(hostile.opened()).as("they were there").isGreaterThan(200);
        }

        String measured = "p99 of calls %d ms, heartbeats %d ms, messages %d ms, at worst %d ms without them; %d MiB"
                .formatted(
                        within(calls).toMillis(),
                        fleet.heartbeatsWithin().toMillis(),
                        fleet.messagesWithin().toMillis(),
                        alone.toMillis(),
                        peakMemory() >> 20);
        assertThat(unanswered).as(measured).isEmpty();
        // A machine that is busy without them is no judge of a share of it.
        Duration limit = alone.compareTo(BUSY) > 0 ? alone.multipliedBy(5) : IN_TIME;
        assertThat(slowest()).as(measured).isLessThan(limit);
        assertThat(peakMemory() >> 20).as(measured).isLessThan(HEAP_MIB + BESIDE_HEAP_MIB);
        await().atMost(WELL_AGAIN).untilAsserted(() -> {
            assertThat(metric("fairlead_http_connections")).isLessThanOrEqualTo(connections + 2);
            assertThat(metric("fairlead_http_bodies_bytes")).isZero();
            assertThat(metric("fairlead_http_unread_bytes")).isZero();
            assertThat(metric("fairlead_ws_unregistered")).isZero();
        });
        fleet.rest();
        await().atMost(WELL_AGAIN)
                .untilAsserted(() -> assertThat(fleet.missing()).isEmpty());
        assertThat(fleet.accepted()).isGreaterThan((int) (AGENTS * time.toSeconds() / 2));
        assertThat(fleet.troubles()).isEmpty();
    }

    private void measureAnew() {
        calls.reset();
        fleet.measureAnew();
    }

    /** The longest of what 99 of 100 calls, heartbeats and messages take. */
    private Duration slowest() {
        return Stream.of(within(calls), fleet.heartbeatsWithin(), fleet.messagesWithin())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Duration within(Histogram latency) {
        return Duration.ofNanos(latency.getValueAtPercentile(99));
    }

    /** What the operator and a watchdog ask, for so long. */
    private void ask(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            for (String path : List.of("/api/agents", "/api/health", "/api/messages?limit=20")) {
                long asked = System.nanoTime();
                HttpResponse<String> answer = call(path);
                calls.recordValue(System.nanoTime() - asked);
                if (answer.statusCode() != 200) {
                    unanswered.add(path + ": " + answer.body());
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private List<Kind> kinds() {
        String big = "x".repeat(500);
        List<Kind> kinds = new ArrayList<>(List.of(
                // Bodies that never end, to a path that is none, to one that needs a credential, and to the login.
                Kind.deaf("127.0.0.2", 40, post("/api/nothing", 1_000_000), big),
                Kind.deaf("127.0.0.2", 40, post("/api/messages", 1_000_000), big),
                Kind.deaf("127.0.0.2", 40, post("/api/login", 4000), "x"),
                // More asked than is read, and more than is answered.
                Kind.deaf("127.0.0.3", 8, get("/api/openapi.json").repeat(16), get("/api/openapi.json")),
                Kind.asking("127.0.0.3", 1, get("/api/health").repeat(200)),
                // Refused and not closed, accepted and not registered, nothing said at all, a head by the byte.
                Kind.deaf("127.0.0.4", 40, upgrade("/ws/agents"), ""),
                Kind.deaf("127.0.0.4", 30, upgrade("/ws/agent"), ""),
                Kind.deaf("127.0.0.4", 100, "", ""),
                Kind.deaf("127.0.0.4", 40, "GET /api/health HTTP/1.1\r\nX-Slow: ", "x"),
                // Wrong passwords, tokens and links, one of them where none is asked for.
                Kind.asking("127.0.0.5", 1, post("/api/login", 20) + "{\"password\":\"wrong\"}"),
                Kind.asking("127.0.0.5", 1, get("/api/agents", "Authorization: Bearer wrong")),
                Kind.asking("127.0.0.5", 1, get("/?token=wrong")),
                Kind.asking("127.0.0.5", 1, upgrade("/ws/agents?token=eyJhbGciOiJub25lIn0.e30.")),
                Kind.asking("127.0.0.5", 1, get("/api/agents", "Cookie: fairlead_session=" + big)),
                // No HTTP, no path, another's page, another's host.
                Kind.asking("127.0.0.6", 1, "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"),
                Kind.asking("127.0.0.6", 1, get("/api/%zz/..%2f..%2fetc/passwd")),
                Kind.asking("127.0.0.6", 1, get("/api/agents", "Origin: https://evil.example")),
                Kind.asking("127.0.0.6", 1, get("/api/agents", "X-Forwarded-For: 127.0.0.1"))));
        kinds.addAll(agents());
        return kinds;
    }

    /** Agents that were let in, and what each does to others. */
    private List<Kind> agents() {
        String victim = HonestFleet.name(0);
        String used = gateway.registrationToken("twice");
        permanent(used);
        return List.of(
                Kind.asking("127.0.0.7", 1, upgrade("/ws/agent", used)),
                agent("flood", 40, "{\"subject\":\"test.echo\",\"data\":\"" + "x".repeat(200) + "\"}"),
                agent("asker", 10, "{\"subject\":\"agents." + victim + ".nothing\",\"reply\":\"inbox.q\",\"data\":{}}"),
                agent("heartbeats", 15, "{\"subject\":\"agent.heartbeat\"}"),
                agent(
                        "liar",
                        1,
                        "{\"subject\":\"agents." + victim + ".message.deliver\",\"data\":{\"message_id\":\"1\","
                                + "\"attempt\":1,\"from\":\"operator\",\"type\":\"note\",\"payload\":{},\"sent_at\":1}}",
                        "{\"subject\":\"agents." + victim
                                + ".chat.turn\",\"data\":{\"turn_id\":\"1\",\"content\":\"x\"}}"),
                agent(
                        "hoarder",
                        5,
                        "{\"subject\":\"message.send\",\"data\":{\"to\":\"absent\",\"type\":\"note\",\"payload\":\""
                                + "x".repeat(2000) + "\"}}"),
                agent(
                        "painter",
                        2,
                        "{\"subject\":\"log.append\",\"data\":{\"lines\":[\"\\u001b[2J\\u001b]0;x\\u0007\"]}}"),
                agent("garbage", 1, "{\"subject\":\"..\",\"data\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", "no json"));
    }

    private Kind agent(String name, int frames, String... texts) {
        return Kind.agent("127.0.0.7", upgrade("/ws/agent", permanent(gateway.registrationToken(name))), frames, texts);
    }

    private String permanent(String registration) {
        try (WsClient agent = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + registration)) {
            return agent.next("agent.register.ack").get("data").get("token").asText();
        }
    }

    private static String get(String path, String... headers) {
        String more = Arrays.stream(headers).map(line -> line + "\r\n").collect(Collectors.joining());
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
    }

    private static String post(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    private static String upgrade(String path, String... token) {
        String[] headers = {
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            token.length == 0 ? "X-None: x" : "Authorization: Bearer " + token[0]
        };
        return get(path, headers);
    }

    private int port() {
        return gateway.http("/").getPort();
    }

    private HttpResponse<String> call(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(gateway.http(path))
                        .header("Authorization", "Bearer " + operator)
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private long metric(String name) {
        try {
            return call("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The most that its process ever had in memory, in bytes. */
    private long peakMemory() throws IOException {
        try (var lines =
                Files.lines(Path.of("/proc", Long.toString(gateway.process().pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
