package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.Chatting;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A chat is one, whichever node its viewers, its agent and its turn are on. */
@Tag("alone")
class FleetChatIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String OPERATOR = "Bearer " + RunningGateway.PASSWORD;

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    static Path temp;

    private static Fleet fleet;
    private static RunningGateway n1;
    private static RunningGateway n2;

    @BeforeAll
    static void start() throws Exception {
        fleet = new Fleet(postgres.server().settings(), temp, "shutdown.grace=200ms");
        n1 = fleet.start(1);
        n2 = fleet.start(2);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void who_looks_at_a_session_of_another_node_sees_and_says_what_happens_in_it() {
        try (WsClient first = WsClient.connect(n1.ws("/ws/chat"))) {
            String session = say(first, "/help");
            assertThat(Chatting.types(first, "done")).contains("chunk");
            try (WsClient second = WsClient.connect(n2.ws("/ws/chat?session_id=" + session))) {
                assertThat(second.next().get("resumed").asBoolean()).isTrue();
                second.send("{\"type\":\"message\",\"content\":\"/help\"}");
                assertThat(second.next("done").get("full_response").asText())
                        .isEqualTo(first.next("done").get("full_response").asText());
                second.send("{\"type\":\"message\",\"content\":\"/help\"}");
                assertThat(second.next("done").get("n"))
                        .isEqualTo(first.next("done").get("n"));
                first.send("{\"type\":\"message\",\"content\":\"/help\"}");
                assertThat(second.next("done").get("n"))
                        .isEqualTo(first.next("done").get("n"));
            }
            assertThat(Chatting.roles(n2, session)).isEqualTo(Chatting.roles(n1, session));
        }
    }

    @Test
    void an_agent_answers_a_turn_of_another_node() {
        WsClient agent = new Agents(n2).register("a");
        new Agents(n1).awaitOnline("a");
        try (WsClient chat = WsClient.connect(n1.ws("/ws/chat?agent=agent:a"))) {
            say(chat, "tell me");
            String turn = agent.next("chat.turn").at("/data/turn_id").asText();
            for (int piece = 0; piece < 20; piece++) {
                chunk(agent, turn, piece + " ");
            }
            done(agent, turn, "all");

            StringBuilder told = new StringBuilder();
            for (int piece = 0; piece < 20; piece++) {
                told.append(chat.next("chunk").get("content").asText());
            }
            assertThat(told).hasToString("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
            assertThat(chat.next("done").get("full_response").asText()).isEqualTo("all");
        }
    }

    @Test
    void a_call_that_waits_on_one_node_is_approved_on_another_once() {
        try (WsClient chat = WsClient.connect(n1.ws("/ws/chat"))) {
            say(chat, "/confirm no-such-order");
            String call = chat.next("tool_call").get("id").asText();

            int first = approve(n2, call);
            int again = approve(n1, call);

            assertThat(List.of(first, again)).containsExactly(200, 409);
            assertThat(chat.next("tool_result").get("output").asText()).contains("order_not_found");
        }
    }

    @Test
    void a_turn_goes_on_where_it_is_looked_at_when_its_node_leaves() {
        WsClient agent = new Agents(n2).register("b");
        RunningGateway n3 = fleet.start(3);
        new Agents(n3).awaitOnline("b");
        String session;
        String turn;
        WsClient viewer;
        try (WsClient chat = WsClient.connect(n3.ws("/ws/chat?agent=agent:b"))) {
            session = say(chat, "tell me");
            turn = agent.next("chat.turn").at("/data/turn_id").asText();
            chunk(agent, turn, "Once upon");
            chat.next("chunk");
            viewer = WsClient.connect(n2.ws("/ws/chat?session_id=" + session));
            assertThat(viewer.next("chunk").get("content").asText()).isEqualTo("Once upon");
            fleet.end(n3);
        }
        JsonNode again = agent.next("chat.turn").get("data");
        assertThat(again.get("turn_id").asText()).isEqualTo(turn);
        assertThat(again.get("resumed").asBoolean()).isTrue();
        chunk(agent, turn, "Once more");
        done(agent, turn, "Once more.");
        assertThat(viewer.next("chunk_reset").has("n")).isTrue();
        assertThat(viewer.next("done").get("full_response").asText()).isEqualTo("Once more.");
        viewer.close();
        for (RunningGateway node : List.of(n1, n2)) {
            assertThat(Chatting.roles(node, session)).containsExactly("user", "assistant");
        }
    }

    @Test
    void a_node_whose_session_was_taken_over_keeps_and_tells_nothing_more_of_it() throws Exception {
        WsClient agent = new Agents(n2).register("c");
        new Agents(n1).awaitOnline("c");
        try (WsClient chat = WsClient.connect(n1.ws("/ws/chat?agent=agent:c"))) {
            String session = say(chat, "tell me");
            String turn = agent.next("chat.turn").at("/data/turn_id").asText();
            chunk(agent, turn, "Once upon");
            chat.next("chunk");

            // As it is for one that stood still for longer than its lease.
            postgres.server()
                    .execute("UPDATE chat_sessions SET home = 'gone', fence = fence + 1 WHERE session_id = '" + session
                            + "'");
            chunk(agent, turn, " a zombie");

            assertThat(agent.next("chat.turn").at("/data/resumed").asBoolean()).isTrue();
            chat.next("chunk_reset");
            done(agent, turn, "Once more.");
            assertThat(chat.next("done").get("full_response").asText()).isEqualTo("Once more.");
            assertThat(Chatting.roles(n2, session)).containsExactly("user", "assistant");
        }
    }

    private static String say(WsClient chat, String content) {
        String session = chat.next("session_start").get("session_id").asText();
        chat.send("{\"type\":\"message\",\"content\":\"" + content + "\"}");
        return session;
    }

    private static void chunk(WsClient agent, String turn, String content) {
        agent.send("{\"subject\":\"chat.event\",\"data\":{\"turn_id\":\"" + turn
                + "\",\"type\":\"chunk\",\"content\":\"" + content + "\"}}");
    }

    private static void done(WsClient agent, String turn, String whole) {
        agent.send("{\"subject\":\"chat.done\",\"data\":{\"turn_id\":\"" + turn + "\",\"full_response\":\"" + whole
                + "\"}}");
    }

    private static int approve(RunningGateway node, String call) {
        await().atMost(SOON)
                .until(() -> node.get("/api/approvals/" + call, "Authorization", OPERATOR)
                                .status()
                        == 200);
        return node.post("/api/approvals/" + call + "/approve", "{}", "Authorization", OPERATOR)
                .status();
    }
}
