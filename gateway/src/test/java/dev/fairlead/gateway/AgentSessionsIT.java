package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents on real sockets of a real gateway. */
@ExtendWith(BlockedLoops.class)
class AgentSessionsIT {
    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void an_agent_registers_by_frame_and_the_stream_shows_it_come_and_go() {
        WsClient stream = WsClient.connect(gateway.ws("/ws/agents"));
        assertThat(stream.next().get("agents")).isEmpty();

        WsClient agent = WsClient.connect(gateway.ws("/ws/agent"));
        agent.send("{\"subject\":\"agent.register\",\"reply\":\"inbox.1\",\"data\":{\"token\":\""
                + gateway.registrationToken("agent-1") + "\"}}");
        JsonNode registered = agent.next();

        assertThat(registered.get("subject").asText()).isEqualTo("inbox.1");
        assertThat(registered.get("data").get("name").asText()).isEqualTo("agent-1");
        assertThat(registered.get("data").get("token").asText()).isNotEmpty();
        assertThat(registered.get("data").get("protocol").asInt()).isEqualTo(1);
        assertThat(registered.get("data").get("heartbeat_interval_ms").asInt()).isEqualTo(30_000);
        assertThat(agent.next().get("subject").asText()).isEqualTo("token.state");
        assertThat(stream.next().get("type").asText()).isEqualTo("agent_registered");

        agent.close();
        JsonNode gone = stream.next();
        assertThat(gone.get("type").asText()).isEqualTo("agent_status_changed");
        assertThat(gone.get("status").asText()).isEqualTo("offline");
    }

    @Test
    void a_token_in_the_upgrade_registers_without_a_frame() {
        WsClient agent = register("agent-1");

        agent.send("{\"subject\":\"test.echo\",\"reply\":\"inbox.e\",\"data\":{\"x\":[1,2.50,\"ä\"]}}");
        JsonNode echo = agent.next();
        assertThat(echo.get("subject").asText()).isEqualTo("inbox.e");
        assertThat(echo.get("data").toString()).isEqualTo("{\"x\":[1,2.50,\"ä\"]}");
        assertThat(echo.get("timestamp").isIntegralNumber()).isTrue();

        agent.send("{\"subject\":\"agent.heartbeat\"}");
        assertThat(agent.next().get("subject").asText()).isEqualTo("agent.heartbeat.ack");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hello\"", "[1,[],{\"a\":\"ä\"}]", "-1.50", "true", "null", "{}"})
    void data_may_be_any_json_value_wherever_it_goes(String json) {
        WsClient asker = register("asker");
        WsClient worker = register("worker");
        JsonNode value = FrameCodec.tree(json);

        asker.send("{\"subject\":\"test.echo\",\"data\":" + json + "}");
        assertThat(asker.next("test.echo").get("data")).isEqualTo(value);

        asker.send("{\"subject\":\"agents.worker.work\",\"data\":" + json + "}");
        JsonNode asked = worker.next("work");
        assertThat(asked.get("data")).isEqualTo(value);
        worker.send("{\"subject\":\"" + asked.get("reply").asText() + "\",\"data\":" + json + "}");
        assertThat(asker.next("agents.worker.work.ack").get("data")).isEqualTo(value);

        CompletableFuture<RunningGateway.Reply> operator = CompletableFuture.supplyAsync(
                () -> gateway.post("/api/agents/worker/request", "{\"subject\":\"work\",\"data\":" + json + "}"));
        JsonNode request = worker.next("work");
        assertThat(request.get("data")).isEqualTo(value);
        worker.send("{\"subject\":\"" + request.get("reply").asText() + "\",\"data\":" + json + "}");
        assertThat(operator.join().body()).isEqualTo(value);

        asker.send(
                "{\"subject\":\"message.send\",\"data\":{\"to\":\"worker\",\"type\":\"t\",\"payload\":" + json + "}}");
        assertThat(worker.next("message.deliver").at("/data/payload")).isEqualTo(value);
    }

    @Test
    void a_subject_that_defines_fields_says_so_of_data_without_them() {
        WsClient agent = register("agent-1");
        for (String subject : List.of("message.send", "order.submit", "log.append", "quote.get", "agent.register")) {
            agent.send("{\"subject\":\"" + subject + "\",\"data\":\"hello\"}");
            assertThat(agent.next("error").at("/data/error/code").asText())
                    .as(subject)
                    .isEqualTo("bad_request");
        }
    }

    @Test
    void a_token_in_the_upgrade_comes_with_what_a_frame_would_say() {
        WsClient stream = WsClient.connect(gateway.ws("/ws/agents"));
        stream.next();
        WsClient.connect(
                gateway.ws("/ws/agent?version=1.2+beta&capabilities=sum,draw"),
                "Authorization",
                "Bearer " + gateway.registrationToken("agent-1"));

        JsonNode shown = stream.next();
        assertThat(shown.get("version").asText()).isEqualTo("1.2 beta");
        assertThat(shown.get("capabilities").toString()).isEqualTo("[\"sum\",\"draw\"]");
    }

    @Test
    void agents_ask_each_other_and_the_operator_asks_them() {
        WsClient a = register("agent-a");
        WsClient b = register("agent-b");

        a.send("{\"subject\":\"agents.agent-b.sum.up\",\"reply\":\"inbox.7\",\"data\":{\"n\":2},\"from\":\"admin\"}");
        JsonNode asked = b.next();
        assertThat(asked.get("subject").asText()).isEqualTo("sum.up");
        assertThat(asked.get("from").asText()).isEqualTo("agent-a");
        b.send("{\"subject\":\"" + asked.get("reply").asText() + "\",\"data\":{\"sum\":3}}");
        JsonNode answer = a.next();
        assertThat(answer.get("subject").asText()).isEqualTo("inbox.7");
        assertThat(answer.get("data").get("sum").asInt()).isEqualTo(3);

        Thread operator = new Thread(() -> {
            JsonNode request = b.next();
            b.send("{\"subject\":\"" + request.get("reply").asText() + "\",\"data\":{\"ok\":true}}");
        });
        operator.start();
        RunningGateway.Reply reply =
                gateway.post("/api/agents/agent-b/request", "{\"subject\":\"status\",\"data\":{}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().get("ok").asBoolean()).isTrue();
    }

    @Test
    void the_operator_does_not_speak_as_the_gateway_either() {
        WsClient victim = register("listener");

        RunningGateway.Reply refused =
                gateway.post("/api/agents/listener/request", "{\"subject\":\"message.deliver\",\"data\":{}}");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body().at("/error/code").asText()).isEqualTo("reserved_subject");
        assertThat(refused.body().at("/error/message").asText()).contains("'message.deliver'", "agent, chat, error");
        victim.send("{\"subject\":\"test.echo\",\"data\":1}");
        assertThat(victim.next().get("subject").asText()).isEqualTo("test.echo");
    }

    @Test
    @Tag("attack")
    void no_agent_speaks_to_another_as_the_gateway() {
        WsClient forger = register("forger");
        WsClient victim = register("victim");

        for (String subject : List.of(
                "message.deliver",
                "chat.turn",
                "token.state",
                "order.update",
                "inbox.1",
                "error",
                "agent.register.ack",
                "quote.update",
                "log.append",
                "test.echo")) {
            forger.send("{\"subject\":\"agents.victim." + subject
                    + "\",\"reply\":\"inbox.1\",\"from\":\"operator\",\"data\":{\"from\":\"operator\"}}");
            JsonNode refused = forger.next();
            assertThat(refused.at("/data/error/code").asText()).as(subject).isEqualTo("reserved_subject");
            assertThat(refused.at("/data/error/subject").asText()).isEqualTo("agents.victim." + subject);
        }
        forger.send("{\"subject\":\"agents.victim.greet\",\"data\":{}}");

        assertThat(victim.next().get("subject").asText()).isEqualTo("greet"); // and nothing came before it
        await().untilAsserted(() -> assertThat(gateway.get("/api/audit").body().get("entries"))
                .anyMatch(entry -> entry.get("action").asText().equals("agent.request")
                        && entry.get("actor").asText().equals("agent:forger")
                        && entry.get("target").asText().equals("agents.victim.message.deliver")
                        && entry.get("outcome").asText().equals("refused")));
    }

    @Test
    void every_concern_says_that_it_is_well() {
        RunningGateway.Reply health = gateway.get("/api/health");

        assertThat(health.status()).as("%s", health.body()).isEqualTo(200);
        assertThat(health.body().get("status").asText()).isEqualTo("ok");
        assertThat(health.body().get("checks"))
                .isNotEmpty()
                .allMatch(check -> check.get("status").asText().equals("ok"));
    }

    @Test
    void what_the_operator_does_stands_in_the_audit_trail() {
        gateway.registrationToken("agent-1");

        await().untilAsserted(() -> assertThat(gateway.get("/api/audit").body().get("entries"))
                .anyMatch(entry -> entry.get("action").asText().equals("agent.token.create")
                        && entry.get("target").asText().equals("agent-1")
                        && entry.get("address").asText().equals("127.0.0.1")));
    }

    @Test
    void an_agent_can_be_asked_as_soon_as_it_knows_that_it_is_registered() {
        WsClient asker = register("asker");
        for (int i = 0; i < 100; i++) {
            WsClient fresh = WsClient.connect(
                    gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("fresh-" + i));
            fresh.next("agent.register.ack");
            asker.send("{\"subject\":\"agents.fresh-" + i + ".hello\",\"data\":{}}");

            assertThat(fresh.next("hello").get("from").asText()).isEqualTo("asker");
            fresh.close();
        }
    }

    @Test
    void a_second_connection_replaces_the_first() {
        String token = gateway.registrationToken("agent-1");
        WsClient first = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
        String permanent = first.next().get("data").get("token").asText();

        WsClient second = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + permanent);
        assertThat(second.next().get("data").get("name").asText()).isEqualTo("agent-1");

        assertThat(first.closed().code()).isEqualTo(4409);
    }

    @Test
    void a_revoked_agent_is_out_and_told_why() {
        WsClient agent = register("agent-1");

        assertThat(gateway.delete("/api/agents/agent-1").status()).isEqualTo(204);

        assertThat(agent.closed().code()).isEqualTo(4401);
        assertThat(gateway.get("/api/agents/agent-1").status()).isEqualTo(404);
    }

    private WsClient register(String name) {
        WsClient agent =
                WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken(name));
        assertThat(agent.next().get("subject").asText()).isEqualTo("agent.register.ack");
        assertThat(agent.next().get("subject").asText()).isEqualTo("token.state");
        return agent;
    }
}
