package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.AgentTurn;
import dev.fairlead.protocol.client.Backoff;
import dev.fairlead.protocol.client.ConnectionState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent on the Java client answers chats of a real gateway. */
class AgentClientChatIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<AgentTurn> turns = new LinkedBlockingQueue<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final List<WsClient> chats = new ArrayList<>();
    private Function<AgentTurn, Future<String>> answering =
            turn -> Promise.<String>promise().future();
    private RunningGateway gateway;
    private AgentClient agent;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "shutdown.grace=100ms");
        agent = AgentClient.create(
                        vertx,
                        AgentClientOptions.of("http://127.0.0.1:" + gateway.port(), "scribe")
                                .withToken(gateway.registrationToken("scribe"))
                                .withTokenRoot(folder.resolve("agents"))
                                .withBackoff(
                                        () -> Backoff.of(Duration.ofMillis(100), Duration.ofMillis(500), new Random())))
                .onProblem(problems::add)
                .onChat(turn -> {
                    turns.add(turn);
                    return answering.apply(turn);
                });
        RunningGateway.await(agent.start());
    }

    @AfterEach
    void stop() {
        chats.forEach(WsClient::close);
        RunningGateway.await(agent.close());
        gateway.close();
        RunningGateway.await(vertx.close());
    }

    @Test
    void what_it_says_and_does_on_the_way_is_told_in_order_and_the_answer_last() {
        answering = turn -> turn.thinking("hm")
                .compose(told -> turn.toolCall("1", "look", FrameCodec.object().put("at", "it")))
                .compose(told -> turn.toolResult("1", "look", "seen"))
                .compose(told -> turn.chunk("It is "))
                .compose(told -> turn.chunk("there"))
                .map(told -> "It is there.");
        WsClient chat = chat();
        say(chat, "Where is it?");
        List<JsonNode> frames = until(chat, "done");
        assertThat(frames)
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("thinking", "tool_call", "tool_result", "chunk", "chunk", "chunk_reset", "done");
        assertThat(frames.get(1).at("/args/at").asText()).isEqualTo("it");
        assertThat(frames.get(2).path("id")).isEqualTo(frames.get(1).path("id"));
        assertThat(frames.get(2).path("output").asText()).isEqualTo("seen");
        assertThat(frames.get(6).path("full_response").asText()).isEqualTo("It is there.");
        assertThat(problems).isEmpty();
    }

    @Test
    void it_is_told_what_was_said_before_and_where_the_user_looks() {
        answering = turn -> Future.succeededFuture("Answer to " + turn.content());
        WsClient chat = chat();
        say(chat, "one");
        chat.next("done");
        chat.send("{\"type\":\"message\",\"content\":\"two\",\"page_context\":\"logs\"}");
        chat.next("done");
        AgentTurn first = turn();
        AgentTurn second = turn();
        assertThat(first.history()).isEmpty();
        assertThat(first.pageContext()).isEmpty();
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(second.history())
                .containsExactly(
                        new AgentData.ChatLine("user", "one"), new AgentData.ChatLine("assistant", "Answer to one"));
        assertThat(second.pageContext()).contains("logs");
    }

    @Test
    void a_failure_of_its_own_is_told_as_it_stands_and_any_other_without_details() {
        WsClient chat = chat();
        answering = turn -> Future.failedFuture(new FairleadException(ErrorCode.CHAT_PROVIDER_ERROR, "out of ink"));
        say(chat, "Write.");
        JsonNode own = chat.next("error");
        assertThat(own.path("code").asText()).isEqualTo("PROVIDER_ERROR");
        assertThat(own.path("message").asText()).isEqualTo("out of ink");

        answering = turn -> {
            throw new IllegalStateException("canary");
        };
        say(chat, "Write.");
        assertThat(chat.next("error").path("message").asText())
                .contains("its own log has the details")
                .doesNotContain("canary");
        await().atMost(PATIENCE).until(() -> problems.stream().anyMatch(problem -> problem.contains("canary")));
    }

    @Test
    void an_answer_of_nothing_at_all_is_a_failure_and_no_silence() {
        WsClient chat = chat();
        answering = turn -> Future.succeededFuture(null);
        say(chat, "Write.");
        assertThat(chat.next("error").path("code").asText()).isEqualTo("AGENT_ERROR");
        answering = turn -> null;
        say(chat, "Write.");
        assertThat(chat.next("error").path("code").asText()).isEqualTo("AGENT_ERROR");
    }

    @Test
    void an_abort_reaches_it_and_what_it_says_then_counts_no_more() {
        Promise<String> late = Promise.promise();
        answering = turn -> turn.chunk("Once upon").compose(told -> late.future());
        WsClient chat = chat();
        say(chat, "Tell me.");
        chat.next("chunk");
        chat.send("{\"type\":\"abort\"}");
        assertThat(chat.next("aborted").path("partial_response").asText()).isEqualTo("Once upon");
        AgentTurn turn = turn();
        await().atMost(PATIENCE).until(() -> turn.aborted().isComplete());
        RunningGateway.await(turn.chunk(" a time"));
        late.complete("Once upon a time");

        answering = next -> Future.succeededFuture("short");
        say(chat, "Shorter.");
        assertThat(until(chat, "done"))
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("chunk_reset", "done");
    }

    @Test
    void an_agent_that_goes_away_in_mid_turn_fails_the_turn_and_keeps_what_it_said() {
        answering = turn -> turn.chunk("Once upon")
                .compose(told -> Promise.<String>promise().future());
        WsClient chat = chat();
        say(chat, "Tell me.");
        chat.next("chunk");
        RunningGateway.await(agent.close());
        JsonNode error = chat.next("error");
        assertThat(error.path("code").asText()).isEqualTo("AGENT_ERROR");
        assertThat(error.path("message").asText()).contains("went offline");
        AgentTurn turn = turn();
        await().atMost(PATIENCE).until(() -> turn.aborted().isComplete());
        JsonNode kept =
                gateway.get("/api/sessions/" + turn.sessionId() + "/messages").body();
        assertThat(kept.at("/messages/1/content").asText()).isEqualTo("Once upon");
        assertThat(kept.at("/session/state").asText()).isEqualTo("error");
    }

    @Test
    void a_turn_that_another_connection_was_given_cannot_be_answered_by_this_one() {
        Promise<String> answer = Promise.promise();
        answering = turn -> answer.future();
        WsClient chat = chat();
        say(chat, "Tell me.");
        AgentTurn turn = turn();
        String token = gateway.post(
                        "/api/agents/scribe/rotate-token", "{}", "Authorization", "Bearer " + RunningGateway.PASSWORD)
                .body()
                .get("token")
                .asText();
        try (WsClient usurper = new Agents(gateway).connect(token)) {
            assertThat(chat.next("error").path("message").asText()).contains("connected anew");
            usurper.send("{\"subject\":\"chat.done\",\"data\":{\"turn_id\":\"" + turn.turnId()
                    + "\",\"full_response\":\"forged\"}}");
            assertThat(usurper.next("error").at("/data/error/code").asText()).isEqualTo("not_found");
            await().atMost(PATIENCE).until(() -> turn.aborted().isComplete());
        }
    }

    @Test
    void after_a_restart_of_the_gateway_it_answers_again_and_the_old_turn_is_over() {
        Promise<String> late = Promise.promise();
        answering = turn -> turn.chunk("Once upon").compose(told -> late.future());
        WsClient before = chat();
        say(before, "Tell me.");
        before.next("chunk");
        AgentTurn old = turn();
        int port = gateway.port();
        gateway.close();
        await().atMost(PATIENCE).until(() -> old.aborted().isComplete());
        gateway = RunningGateway.start(folder.resolve("data"), "http.port=" + port);
        await().atMost(PATIENCE).until(() -> agent.state() instanceof ConnectionState.Ready);
        late.complete("for nobody");

        answering = turn -> Future.succeededFuture("still here");
        WsClient after = WsClient.connect(gateway.ws("/ws/chat?session_id=" + old.sessionId()));
        chats.add(after);
        assertThat(after.next("session_start").path("resumed").asBoolean()).isTrue();
        say(after, "And?");
        assertThat(until(after, "done").get(1).path("full_response").asText()).isEqualTo("still here");
        assertThat(turn().history())
                .containsExactly(
                        new AgentData.ChatLine("user", "Tell me."), new AgentData.ChatLine("assistant", "Once upon"));
    }

    private AgentTurn turn() {
        try {
            AgentTurn turn = turns.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(turn).isNotNull();
            return turn;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private WsClient chat() {
        WsClient chat = WsClient.connect(gateway.ws("/ws/chat?agent=agent:scribe"));
        chats.add(chat);
        chat.next("session_start");
        return chat;
    }

    private static void say(WsClient chat, String content) {
        chat.send("{\"type\":\"message\",\"content\":\"" + content + "\"}");
    }

    /** What is told of a turn, up to its end. */
    private static List<JsonNode> until(WsClient chat, String last) {
        List<JsonNode> frames = new ArrayList<>();
        do {
            JsonNode frame = chat.next();
            if (!frame.path("type").asText().equals("agent_event")) {
                frames.add(frame);
            }
        } while (frames.isEmpty()
                || !frames.get(frames.size() - 1).path("type").asText().equals(last));
        return frames;
    }
}
