package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The gateway as it is shipped, seen from outside alone: each limit is met at its bound, by a stranger or by an agent.
 */
@Tag("attack")
@Tag("alone")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShippedLimitsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);
    private static final String OPERATOR = "Authorization: Bearer " + RunningGateway.PASSWORD;

    private static final int LOGIN_BODY = 4096;
    private static final int READ_AHEAD = 16;
    private static final int MOST_PIPELINED = 64;
    private static final int OPEN_REQUESTS = 64;
    /** An agent may send each request of a test at once, twice. */
    private static final int RATE = 100;

    @TempDir
    static Path folder;

    private static RunningSimulator upstream;
    private static ServedGateway gateway;
    private final List<RawHttp> open = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        upstream = RunningSimulator.start();
        gateway = ServedGateway.startSmall(
                folder.resolve("data"),
                "auth.mode=required",
                "shutdown.grace=60s", // what is in hand may take that long
                "http.max_bodies=1MiB",
                "http.max_unread=1MiB",
                "agents.max_rate=" + RATE,
                "messages.max_backlog_bytes=64KiB",
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.confirm=never",
                "orders.max_notional_per_day=2250",
                "orders.max_notional_per_agent_per_day=2200");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @AfterEach
    void leave() throws IOException {
        for (RawHttp one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/nothing, application/json, 1000, 404",
        "/api/messages, application/json, 1000, 401",
        "/api/messages, text/plain, 1000, 415",
        "/api/login, application/json, 4097, 413",
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
    void a_login_takes_so_many_bytes_and_not_one_more() throws IOException {
        String head = "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String body = "{\"password\":\"" + RunningGateway.PASSWORD + "\"}";
        RawHttp largest = connect();
        largest.send(
                head + "Content-Length: " + LOGIN_BODY + "\r\n\r\n" + body + " ".repeat(LOGIN_BODY - body.length()));
        assertThat(largest.status()).isEqualTo(200);

        RawHttp larger = connect();
        larger.send(head + "Transfer-Encoding: chunked\r\n\r\n1001\r\n" + " ".repeat(LOGIN_BODY + 1) + "\r\n");
        assertThat(larger.head()).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
        assertThat(larger.isEnded()).isTrue();
    }

    @Test
    void bodies_in_progress_are_bounded_together_and_given_back() throws IOException {
        String head = "POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + OPERATOR
                + "\r\nContent-Length: 400000\r\n\r\n";
        RawHttp first = connect().send(head + " ".repeat(300_000));
        await().atMost(SOON).until(() -> gateway.metric("fairlead_http_bodies_bytes") == 300_000);
        RawHttp second = connect().send(head + " ".repeat(300_000));
        assertThat(second.status()).isEqualTo(429); // one address has half of the budget
        first.send(" ".repeat(100_000));
        assertThat(first.status()).isEqualTo(400); // white space alone is no JSON
        RawHttp third = connect().send(head + " ".repeat(400_000));
        assertThat(third.status()).isEqualTo(400);
    }

    @Test
    void as_many_requests_as_are_read_ahead_are_answered_in_order_and_too_many_end_the_connection() throws IOException {
        RawHttp client = connect();
        client.send(asking("/api/health/live").repeat(READ_AHEAD));
        for (int i = 0; i < READ_AHEAD; i++) {
            String head = client.head();
            assertThat(head).startsWith("HTTP/1.1 200");
            client.json(Integer.parseInt(head.toLowerCase(Locale.ROOT)
                    .split("content-length: ", 2)[1]
                    .split("\r\n", 2)[0]));
        }
        RawHttp flood = connect();
        flood.send(asking("/api/health/live").repeat(4 * MOST_PIPELINED));
        assertThat(flood.isEnded()).isTrue();
        assertThat(gateway.get("/api/health/live").get("status").asText()).isEqualTo("ok");
    }

    @Test
    void who_takes_no_answers_is_not_read_from_then_closed_and_others_are_served() throws IOException {
        RawHttp deaf = connect(4096);
        // More than the network's buffers hold of the answers, and few enough for one that takes them.
        deaf.send(asking("/api/openapi.json").repeat(MOST_PIPELINED));
        await().atMost(SOON).until(() -> gateway.metric("fairlead_http_unread_bytes") > 0);

        await("it is closed").atMost(SOON).until(() -> {
            assertThat(gateway.metric("fairlead_http_unread_bytes"))
                    .as("what one connection may make it hold")
                    .isLessThan(512 << 10);
            assertThat(gateway.get("/api/health/live").get("status").asText()).isEqualTo("ok");
            try {
                deaf.send(" ");
                return false;
            } catch (IOException cut) {
                return true;
            }
        });
        assertThat(gateway.metric("fairlead_http_unread_bytes")).isZero();
    }

    @Test
    void a_registration_token_that_was_used_is_worth_nothing_to_who_replays_it() {
        String token = gateway.registrationToken("registered");
        URI first = gateway.ws("/ws/agent?nonce=of-the-first");
        WsClient lost = WsClient.connect(first, "Authorization", "Bearer " + token);
        String permanent = given(lost);
        for (String path : List.of("/ws/agent", "/ws/agent?nonce=of-another", "/ws/agent?nonce=")) {
            assertThat(WsClient.refusal(gateway.ws(path), "Authorization", "Bearer " + token))
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(registering(token, "of-another").closed().code()).isEqualTo(4401);
        assertThat(lost.isOpen()).isTrue();
        // Whose reply was lost asks again with what it asked with.
        assertThat(given(WsClient.connect(first, "Authorization", "Bearer " + token)))
                .isEqualTo(permanent);
    }

    @Test
    void a_registration_token_that_was_used_with_an_empty_nonce_is_used_up() {
        String token = gateway.registrationToken("careless");
        assertThat(given(registering(token, ""))).isNotEmpty();
        assertThat(registering(token, "").closed().code()).isEqualTo(4401);
    }

    @Test
    void a_sender_has_so_many_requests_open_and_leaves_room_for_others_and_the_operator() throws Exception {
        WsClient worker = gateway.agent("worker");
        WsClient greedy = gateway.agent("greedy");
        for (int i = 0; i <= OPEN_REQUESTS; i++) {
            ask(greedy);
        }
        JsonNode refused = greedy.next().at("/data/error");
        assertThat(refused.get("code").asText()).isEqualTo("busy");
        assertThat(refused.get("message").asText()).contains("agents.request_max_pending");
        for (int i = 0; i < OPEN_REQUESTS; i++) {
            worker.next("work");
        }

        WsClient modest = gateway.agent("modest");
        ask(modest);
        answer(worker, worker.next("work"));
        assertThat(modest.next().at("/data/by").asText()).isEqualTo("worker");
        Thread answering = new Thread(() -> answer(worker, worker.next("work")));
        answering.start();
        assertThat(gateway.post("/api/agents/worker/request", "{\"subject\":\"work\",\"data\":{}}")
                        .path("by")
                        .asText())
                .isEqualTo("worker");
        answering.join();
    }

    @Test
    void a_sender_that_connects_anew_takes_no_more_of_another_than_before() {
        WsClient worker = gateway.agent("busy");
        String token = given(WsClient.connect(
                gateway.ws("/ws/agent?nonce=1"), "Authorization", "Bearer " + gateway.registrationToken("returning")));
        for (int connection = 0; connection < 2; connection++) {
            WsClient returning = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
            for (int i = 0; i < OPEN_REQUESTS; i++) {
                returning.send("{\"subject\":\"agents.busy.work\",\"data\":" + connection + "}");
            }
            if (connection == 0) {
                for (int i = 0; i < OPEN_REQUESTS; i++) {
                    worker.next("work");
                }
            } else {
                assertThat(returning.next("error").at("/data/error/code").asText())
                        .isEqualTo("busy");
            }
        }
        gateway.agent("other").send("{\"subject\":\"agents.busy.work\",\"data\":{}}");
        assertThat(worker.next("work").get("from").asText()).isEqualTo("other");
    }

    @Test
    void a_burst_is_told_how_long_to_wait_and_what_follows_the_wait_is_heard() {
        WsClient hasty = gateway.agent("hasty");
        WsClient calm = gateway.agent("calm");
        for (int i = 0; i < 2 * RATE + 40; i++) {
            hasty.send("{\"subject\":\"test.echo\",\"data\":" + i + "}");
        }
        JsonNode refused = hasty.next("error").at("/data/error");
        assertThat(refused.get("code").asText()).isEqualTo("rate_limited");
        assertThat(refused.get("subject").asText()).isEqualTo("test.echo");
        assertThat(refused.get("retry_after_ms").asLong()).isPositive();
        assertThat(refused.get("message").asText()).contains("agents.max_rate");
        calm.send("{\"subject\":\"test.echo\",\"data\":1}");
        calm.next("test.echo");
        hasty.send("{\"subject\":\"test.echo\",\"data\":\"last\"}");
        assertThat(hasty.next(frame -> frame.path("data").asText().equals("last"))
                        .get("subject")
                        .asText())
                .isEqualTo("test.echo");
    }

    @Test
    void messages_that_wait_are_bounded_in_bytes_for_their_recipient_and_from_their_sender() {
        for (String absent : List.of("absent-1", "absent-2", "absent-3")) {
            gateway.agent(absent).close();
        }
        WsClient first = gateway.agent("sender-1");
        WsClient second = gateway.agent("sender-2");
        assertThat(told(first, "absent-1")).isEmpty();
        assertThat(told(second, "absent-1")).isEmpty();
        assertThat(told(first, "absent-1")).isEmpty();
        assertThat(told(second, "absent-1")).contains("for 'absent-1'", "messages.max_backlog_bytes");

        assertThat(told(first, "absent-2")).isEmpty();
        assertThat(told(first, "absent-3")).contains("from 'sender-1'", "messages.max_backlog_bytes");
        assertThat(told(second, "absent-3")).isEmpty();
    }

    @Test
    void small_orders_do_not_add_up_to_more_than_a_day_allows_an_agent_and_all() {
        await().atMost(SOON)
                .until(() -> gateway.get("/api/token").get("state").asText().equals("valid"));
        WsClient trader = gateway.agent("trader");
        JsonNode option = submitted(trader, order("o-1", ".AAPL301220C200", 2));
        assertThat(gateway.get("/api/orders/" + option.get("order_id").asText())
                        .get("notional")
                        .asText())
                .isEqualTo("2100"); // 2 × 100 × 10.50
        assertThat(reason(submitted(trader, order("o-2", "AAPL", 10))))
                .contains("orders.max_notional_per_agent_per_day=2200");

        assertThat(gateway.post("/api/orders", order("o-1", "AAPL", 10))
                        .get("status")
                        .asText())
                .isEqualTo("approved");
        assertThat(gateway.post("/api/orders", order("o-2", "AAPL", 10))
                        .get("reason")
                        .asText())
                .contains("orders.max_notional_per_day=2250");
        assertThat(gateway.post("/api/orders", order("o-3", ".SPXW", 1))
                        .at("/error/code")
                        .asText())
                .isEqualTo("bad_request");
        await().atMost(SOON).until(() -> upstream.orders().size() == 2);
        assertThat(upstream.orders().findValuesAsText("instrument-type")).contains("Equity Option");
        assertThat(upstream.orders().findValuesAsText("symbol")).contains("AAPL  301220C00200000");
    }

    @Test
    @Order(Integer.MAX_VALUE) // nothing comes after it
    void unfinished_uploads_keep_nobody_out_and_no_gateway_from_stopping() throws Exception {
        String rest = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        for (int i = 0; i < 50; i++) {
            connect().send("POST /api/nothing" + rest + "Content-Length: 1000000\r\n\r\n" + " ".repeat(16_000));
            connect()
                    .send("POST /api/login" + rest + "Content-Length: " + LOGIN_BODY + "\r\n\r\n"
                            + " ".repeat(LOGIN_BODY - 1));
        }
        connect()
                .send("POST /api/messages" + rest + OPERATOR + "\r\nContent-Length: 200000\r\n\r\n"
                        + " ".repeat(100_000));
        long held = 50 * (LOGIN_BODY - 1) + 100_000;
        await().atMost(SOON).until(() -> gateway.metric("fairlead_http_bodies_bytes") == held);

        gateway.process().destroy();
        gateway.process().onExit().get(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }

    private static String asking(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private RawHttp connect() throws IOException {
        return connect(0);
    }

    private RawHttp connect(int receiveBuffer) throws IOException {
        RawHttp client = new RawHttp(gateway.http("").getPort(), receiveBuffer);
        open.add(client);
        return client;
    }

    private static WsClient registering(String token, String nonce) {
        return WsClient.connect(gateway.ws("/ws/agent"))
                .send("{\"subject\":\"agent.register\",\"data\":{\"token\":\"" + token + "\",\"nonce\":\"" + nonce
                        + "\"}}");
    }

    private static String given(WsClient agent) {
        return agent.next("agent.register.ack").at("/data/token").asText();
    }

    private static void ask(WsClient asker) {
        asker.send("{\"subject\":\"agents.worker.work\",\"reply\":\"inbox.q\",\"data\":{}}");
    }

    private static void answer(WsClient worker, JsonNode question) {
        worker.send("{\"subject\":\"" + question.get("reply").asText() + "\",\"data\":{\"by\":\"worker\"}}");
    }

    /** Sends a message of 20 kB; why it is refused, empty where it is not. */
    private static String told(WsClient agent, String to) {
        agent.send("{\"subject\":\"message.send\",\"reply\":\"inbox.m\",\"data\":{\"to\":\"" + to
                + "\",\"type\":\"note\",\"payload\":\"" + "x".repeat(20_000) + "\"}}");
        return agent.next("inbox.m").at("/data/error/message").asText();
    }

    private static String order(String id, String symbol, int quantity) {
        return "{\"client_order_id\":\"" + id + "\",\"symbol\":\"" + symbol + "\",\"side\":\""
                + (symbol.startsWith(".") ? "buy_to_open" : "buy") + "\",\"quantity\":" + quantity
                + ",\"order_type\":\"limit\",\"limit_price\":10.50}";
    }

    private static JsonNode submitted(WsClient agent, String order) {
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order + "}");
        return agent.next("order.submit.ack").get("data");
    }

    private static String reason(JsonNode order) {
        return gateway.get("/api/orders/" + order.get("order_id").asText())
                .get("reason")
                .asText();
    }
}
