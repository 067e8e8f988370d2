package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Subject;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentClientTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final long NEVER = 3_600_000;

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private final List<ConnectionState> states = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private ScriptedGateway gateway;

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    @Test
    void the_first_token_earns_a_permanent_one_that_is_kept_and_used_from_then_on() throws Exception {
        gateway(a -> a.accept(
                ws -> gateway.register(ws, a.number() == 1 ? Optional.of("permanent-1") : Optional.empty(), NEVER)));
        AgentClient first = agent(options().withToken("ephemeral-1"));
        done(first.start());
        assertThat(new AgentTokenFile(root, "agent-1").read()).contains("permanent-1");
        assertThat(first.registration().orElseThrow().token()).isEmpty();
        done(first.close());

        done(agent(options()).start());
        assertThat(gateway.attempts)
                .extracting(ScriptedGateway.Attempt::authorization)
                .containsExactly("Bearer ephemeral-1", "Bearer permanent-1");
        assertThat(gateway.attempts).allMatch(a -> a.uri().matches("/ws/agent\\?nonce=[0-9a-f]{32}"));
    }

    @Test
    void its_version_and_capabilities_go_with_the_token() throws Exception {
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.of("permanent-1"), NEVER)));
        done(agent(options().withToken("t").withVersion("1.2 beta").withCapabilities(List.of("sum", "draw")))
                .start());
        assertThat(gateway.attempts)
                .singleElement()
                .extracting(ScriptedGateway.Attempt::uri, as(InstanceOfAssertFactories.STRING))
                .matches("/ws/agent\\?nonce=[0-9a-f]{32}&version=1\\.2\\+beta&capabilities=sum%2Cdraw");
    }

    @Test
    void without_any_token_it_stops_at_once_and_says_how_to_get_one() throws Exception {
        gateway(a -> a.refuse(500, ""));
        Throwable failure = failure(agent(options()).start());
        assertThat(failure).hasMessageContaining("fairlead token create agent-1");
        assertThat(gateway.attempts).isEmpty();
        awaitStopped(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void a_refused_kept_token_gives_way_to_the_one_given_once() throws Exception {
        new AgentTokenFile(root, "agent-1").write("stale");
        gateway(a -> {
            if (a.authorization().equals("Bearer stale")) {
                a.refuse(401, "{\"error\":{\"code\":\"unauthorized\",\"message\":\"revoked\"}}");
            } else {
                a.accept(ws -> gateway.register(ws, Optional.of("fresh"), NEVER));
            }
        });
        done(agent(options().withToken("ephemeral")).start());
        assertThat(gateway.attempts).hasSize(2);
        assertThat(new AgentTokenFile(root, "agent-1").read()).contains("fresh");
    }

    @ParameterizedTest
    @CsvSource({"401,UNAUTHORIZED,fairlead token create agent-1", "403,FORBIDDEN,auth.allowed_hosts"})
    void a_refused_upgrade_is_final_and_says_what_the_gateway_said(int status, ErrorCode code, String advice)
            throws Exception {
        gateway(a ->
                a.refuse(status, "{\"error\":{\"code\":\"x\",\"message\":\"Host not listed in auth.allowed_hosts\"}}"));
        assertThat(failure(agent(options().withToken("canary")).start()))
                .hasMessageContaining(advice)
                .hasMessageContaining("Host not listed");
        awaitStopped(code);
        assertThat(gateway.attempts).hasSize(1);
        assertThat(states).asString().doesNotContain("canary");
        assertThat(problems).asString().doesNotContain("canary");
        assertThat(options().withToken("canary")).asString().doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({"4401,UNAUTHORIZED,revoked", "4403,FORBIDDEN,", "4409,REPLACED,Another connection of the same agent"})
    void a_close_that_says_no_is_final(int close, ErrorCode code, String reason) throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.register(ws, Optional.empty(), NEVER);
            ws.close((short) close, "revoked");
        }));
        agent(options().withToken("t")).start();
        awaitStopped(code);
        assertThat(((ConnectionState.Stopped) states.get(states.size() - 1)).reason())
                .contains(Optional.ofNullable(reason).orElse(""));
        assertThat(gateway.attempts).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 4408, 4429, 4500})
    void after_any_other_close_it_comes_back(int close) throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.register(ws, Optional.empty(), NEVER);
            if (a.number() == 1) {
                ws.close((short) close, "");
            }
        }));
        agent(options().withToken("t")).start();
        await().atMost(SOON).until(() -> gateway.attempts.size() == 2);
    }

    @Test
    void a_gateway_that_is_not_there_is_tried_until_it_is() throws Exception {
        gateway(a -> {
            if (a.number() < 4) {
                a.refuse(a.number() == 1 ? 503 : 404, "");
            } else {
                a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER));
            }
        });
        done(agent(options().withToken("t")).start());
        assertThat(gateway.attempts).hasSize(4);
    }

    @Test
    void a_connection_alone_resets_no_backoff_a_registration_does() throws Exception {
        gateway(a -> a.accept(ws -> {
            if (a.number() == 4) {
                gateway.register(ws, Optional.empty(), NEVER);
                vertx.setTimer(50, closing -> ws.close());
            } else {
                ws.close();
            }
        }));
        agent(options()
                        .withToken("t")
                        .withBackoff(() -> Backoff.of(Duration.ofMillis(20), Duration.ofMillis(500), () -> -1L)))
                .start();
        await().atMost(SOON).until(() -> delays().size() >= 5);
        assertThat(delays().subList(0, 5)).containsExactly(20L, 40L, 80L, 20L, 40L);
    }

    @Test
    void a_gateway_that_accepts_and_says_nothing_is_left() throws Exception {
        gateway(a -> a.accept(ws -> gateway.listen(ws)));
        agent(options().withToken("t").withTimeout(Duration.ofMillis(200))).start();
        // On a busy machine an attempt or two may not come as far as that.
        await().atMost(SOON).until(() -> states.toString().contains("did not register the agent within 200 ms"));
        await().atMost(SOON).until(() -> gateway.attempts.size() >= 2);
    }

    @Test
    void a_server_that_never_answers_the_upgrade_is_left() throws Exception {
        gateway(a -> {});
        agent(options().withToken("t").withTimeout(Duration.ofMillis(200))).start();
        await().atMost(SOON).until(() -> gateway.attempts.size() >= 2);
    }

    @Test
    void a_link_that_is_dead_without_being_closed_is_noticed() throws Exception {
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER)));
        agent(options().withToken("t").withSilence(Duration.ofMillis(300))).start();
        await().atMost(SOON).until(() -> gateway.attempts.size() >= 2);
        assertThat(states).asString().contains("Nothing heard for 0.3 s");
    }

    @Test
    void heartbeats_go_out_as_often_as_the_gateway_wants_and_their_answers_keep_the_link() throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.register(ws, Optional.empty(), 60);
            ws.textMessageHandler(text -> {
                gateway.received.add(text);
                ScriptedGateway.send(ws, AgentEnvelope.of(AgentSubjects.HEARTBEAT_ACK, Map.of()));
            });
        }));
        agent(options().withToken("t").withSilence(Duration.ofMillis(600))).start();
        await().atMost(SOON).until(() -> gateway.received.size() >= 20);
        assertThat(gateway.received).allMatch(text -> text.equals("{\"subject\":\"agent.heartbeat\",\"data\":{}}"));
        assertThat(gateway.attempts).hasSize(1);
    }

    @Test
    void a_request_gets_its_answer() throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.register(ws, Optional.empty(), NEVER);
            ws.textMessageHandler(text -> {
                AgentEnvelope asked = AgentEnvelope.parse(text.getBytes(StandardCharsets.UTF_8));
                ScriptedGateway.send(ws, AgentEnvelope.of(asked.reply().orElseThrow(), answer(asked)));
            });
        }));
        AgentClient agent = agent(options().withToken("t"));
        done(agent.start());
        JsonNode echoed = done(agent.request("test.echo", Map.of("a", 1), SOON));
        assertThat(echoed.path("a").asInt()).isEqualTo(1);
        assertThat(failure(agent.request("agents.b.run", Map.of(), SOON)))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AGENT_OFFLINE));
    }

    private static Object answer(AgentEnvelope asked) {
        return asked.subject().equals(AgentSubjects.ECHO)
                ? asked.data()
                : ErrorBody.of(ErrorCode.AGENT_OFFLINE, "Agent 'b' is offline");
    }

    @Test
    void a_request_without_answer_fails_in_time_and_one_without_connection_at_once() throws Exception {
        gateway(a -> {
            if (a.number() == 1) {
                a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER));
            } else {
                a.refuse(503, "");
            }
        });
        AgentClient agent = agent(options().withToken("t"));
        assertThat(code(agent.request("test.echo", Map.of(), SOON))).isEqualTo(ErrorCode.CONNECTION_LOST);
        done(agent.start());
        assertThat(code(agent.request("test.echo", Map.of(), Duration.ofMillis(50))))
                .isEqualTo(ErrorCode.TIMEOUT);
        Future<JsonNode> pending = agent.request("test.echo", Map.of(), SOON);
        await().atMost(SOON).until(() -> gateway.received.size() == 2);
        gateway.socket().close();
        assertThat(code(pending)).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(code(agent.request("test.echo", List.of(1), SOON))).isEqualTo(ErrorCode.CONNECTION_LOST);
    }

    @Test
    void requests_of_others_are_answered_on_their_inbox() throws Exception {
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER)));
        AgentClient agent = agent(options().withToken("t"));
        agent.onRequest(
                "greet",
                r -> Future.succeededFuture(Map.of(
                        "text",
                        "Hello, " + r.data().path("who").asText() + ", from "
                                + r.from().orElse("nobody"))));
        agent.onRequest("refuse", r -> Future.failedFuture(new FairleadException(ErrorCode.CONFLICT, "Not now")));
        agent.onRequest("throw", r -> {
            throw new IllegalStateException("canary");
        });
        agent.onRequest("nothing", r -> Future.succeededFuture());
        agent.onRequest("list", r -> Future.succeededFuture(List.of(1)));
        agent.onRequest("text", r -> Future.succeededFuture("as it is"));
        done(agent.start());

        assertThat(asked("greet").toString()).isEqualTo("{\"text\":\"Hello, me, from agent-2\"}");
        assertThat(asked("refuse").at("/error/code").asText()).isEqualTo("conflict");
        assertThat(asked("throw").at("/error/code").asText()).isEqualTo("internal");
        assertThat(asked("throw").toString()).doesNotContain("canary");
        assertThat(asked("nothing").toString()).isEqualTo("{}");
        assertThat(asked("list").toString()).isEqualTo("[1]");
        assertThat(asked("text").toString()).isEqualTo("\"as it is\"");
        assertThat(asked("unheard.of").at("/error/code").asText()).isEqualTo("unknown_subject");
        assertThat(problems).asString().contains("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"message.deliver", "chat.turn", "token.state", "order.update", "inbox.x", "error"})
    void what_only_the_gateway_says_is_not_believed_of_another_agent(String subject) throws Exception {
        List<AgentRequest> heard = new CopyOnWriteArrayList<>();
        List<TokenState> tokens = new CopyOnWriteArrayList<>();
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER)));
        AgentClient agent = agent(options().withToken("t")).onTokenState(tokens::add);
        agent.onRequest(subject, r -> {
            heard.add(r);
            return Future.succeededFuture();
        });
        done(agent.start());

        assertThat(asked(subject).at("/error/code").asText()).isEqualTo("reserved_subject");
        assertThat(heard).isEmpty();
        assertThat(tokens).allMatch(state -> state == TokenState.VALID);
        assertThat(agent.state()).isInstanceOf(ConnectionState.Ready.class);
    }

    private JsonNode asked(String subject) {
        int before = gateway.received.size();
        ScriptedGateway.send(
                gateway.socket(),
                new AgentEnvelope(
                        new Subject(subject),
                        Optional.of(new Subject("inbox.g1")),
                        FrameCodec.tree("{\"who\":\"me\"}"),
                        OptionalLong.of(1),
                        Optional.of("agent-2")));
        await().atMost(SOON).until(() -> gateway.received.size() > before);
        JsonNode reply = FrameCodec.tree(gateway.received.get(before));
        assertThat(reply.path("subject").asText()).isEqualTo("inbox.g1");
        return reply.path("data");
    }

    @Test
    void the_upstream_tokens_state_is_told_at_registration_and_on_change() throws Exception {
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER)));
        List<TokenState> heard = new CopyOnWriteArrayList<>();
        AgentClient agent = agent(options().withToken("t")).onTokenState(heard::add);
        done(agent.start());
        ScriptedGateway.send(
                gateway.socket(), AgentEnvelope.of(AgentSubjects.TOKEN_STATE, Map.of("state", "expiring_soon")));
        await().atMost(SOON).until(() -> heard.equals(List.of(TokenState.VALID, TokenState.EXPIRING_SOON)));
        assertThat(agent.tokenState()).contains(TokenState.EXPIRING_SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "[]", "{}", "{\"subject\":\"agent.register.ack\",\"data\":{\"agent_id\":1}}"})
    void a_gateway_that_talks_nonsense_is_left(String nonsense) throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.listen(ws);
            ws.writeTextMessage(nonsense);
        }));
        agent(options().withToken("t")).start();
        await().atMost(SOON).until(() -> gateway.closeCodes.contains(1008));
    }

    @Test
    void a_listener_that_throws_ends_nothing() throws Exception {
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER)));
        AgentClient agent = AgentClient.create(vertx, options().withToken("t")).onState(state -> {
            throw new IllegalStateException("mine");
        });
        done(agent.start());
        assertThat(agent.state()).isEqualTo(new ConnectionState.Ready());
    }

    @Test
    void a_token_that_cannot_be_kept_is_told_and_the_agent_goes_on() throws Exception {
        Path blocked = Files.writeString(root.resolve("file"), "");
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.of("canary"), NEVER)));
        done(agent(options().withToken("t").withTokenRoot(blocked)).start());
        await().atMost(SOON).until(() -> !problems.isEmpty());
        assertThat(problems)
                .asString()
                .contains("Cannot keep the agent's token")
                .doesNotContain("canary");
    }

    @Test
    void it_says_good_bye_and_comes_back_no_more() throws Exception {
        gateway(a -> a.accept(ws -> gateway.register(ws, Optional.empty(), NEVER)));
        AgentClient agent = agent(options().withToken("t"));
        done(agent.start());
        done(agent.close());
        done(agent.close());
        assertThat(gateway.closeCodes).containsExactly(1000);
        assertThat(agent.state()).isInstanceOf(ConnectionState.Stopped.class);
        assertThat(gateway.attempts).hasSize(1);
    }

    private void gateway(Consumer<ScriptedGateway.Attempt> script) throws Exception {
        gateway = new ScriptedGateway(vertx, script);
    }

    private AgentClientOptions options() {
        return AgentClientOptions.of(gateway.url(""), "agent-1")
                .withTokenRoot(root)
                .withBackoff(() -> Backoff.of(Duration.ofMillis(10), Duration.ofMillis(20), () -> -1L));
    }

    private AgentClient agent(AgentClientOptions options) {
        return AgentClient.create(vertx, options).onState(states::add).onProblem(problems::add);
    }

    private List<Long> delays() {
        return states.stream()
                .filter(ConnectionState.Disconnected.class::isInstance)
                .map(state -> Math.round(
                        ((ConnectionState.Disconnected) state).retryIn().toNanos() / 1e6))
                .toList();
    }

    private void awaitStopped(ErrorCode code) {
        await().atMost(SOON).until(() -> states.stream()
                .anyMatch(state -> state instanceof ConnectionState.Stopped stopped
                        && stopped.code().equals(Optional.of(code))));
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) {
        await().atMost(SOON).until(future::isComplete);
        return future.cause();
    }

    private static ErrorCode code(Future<?> future) {
        return ((FairleadException) failure(future)).code();
    }
}
