package dev.fairlead.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.ForeignProgram;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.HttpReceiver;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls for attention is told outside: once, to every receiver, whatever the others do, over restarts too. */
class AlertsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final HttpReceiver http = new HttpReceiver();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(http));

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close(); // twice does nothing
        }
    }

    private RunningGateway gateway(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "alerts.webhook_url=" + http.url("/hook?key=geheim"),
                "alerts.ntfy_url=" + http.url("/topic"),
                "alerts.ntfy_token=tk_geheim",
                "alerts.rules=instance_failed,agent_gone=1s,dead_letter",
                "messages.max_attempts=1",
                "messages.retry_initial=10ms"));
        all.addAll(Arrays.asList(settings));
        RunningGateway gateway = RunningGateway.start(folder.resolve("data"), all.toArray(String[]::new));
        open.add(gateway);
        return gateway;
    }

    private static void fail(RunningGateway gateway, String name) {
        assertThat(gateway.post(
                                "/api/instances",
                                "{\"name\":\"" + name
                                        + "\",\"command\":[\"sh\",\"-c\",\"exit 3\"],\"restart\":\"never\"}")
                        .status())
                .isEqualTo(201);
        gateway.post("/api/instances/" + name + "/start", "");
        await("an alert about " + name).atMost(SOON).until(() -> firing(gateway).stream()
                .anyMatch(alert -> alert.path("subject").asText().equals(name)));
    }

    /** What the webhook was told: status and subject. */
    private List<String> told() {
        return http.at("/hook").stream()
                .flatMap(post -> StreamSupport.stream(
                        FrameCodec.tree(post.body()).path("alerts").spliterator(), false))
                .map(alert -> alert.path("status").asText() + " "
                        + alert.path("subject").asText())
                .toList();
    }

    private static List<JsonNode> firing(RunningGateway gateway) {
        return StreamSupport.stream(
                        gateway.get("/api/alerts").body().path("alerts").spliterator(), false)
                .filter(alert -> alert.path("state").asText().equals("firing"))
                .toList();
    }

    @Test
    void a_failure_is_told_once_to_every_receiver_and_so_is_its_end() throws IOException {
        Path mails = folder.resolve("mails");
        int smtp = freePort();
        ForeignProgram server = ForeignProgram.start(
                        Files.createDirectories(folder.resolve("said")),
                        List.of(
                                Tools.require(
                                                "aiosmtpd",
                                                "python3 -m venv DIR && DIR/bin/pip install aiosmtpd==1.4.6, with"
                                                        + " DIR/bin on the PATH")
                                        .toString(),
                                "-n",
                                "-l",
                                "127.0.0.1:" + smtp,
                                "-c",
                                "aiosmtpd.handlers.Mailbox",
                                mails.toString()))
                .listening(smtp);
        open.add(server);
        RunningGateway gateway = gateway(
                "alerts.smtp_host=127.0.0.1",
                "alerts.smtp_port=" + smtp,
                "alerts.smtp_tls=none",
                "alerts.mail_from=fairlead@example.org",
                "alerts.mail_to=on-call@example.org,boss@example.org");
        WsClient events = WsClient.connect(gateway.ws("/ws/events"));
        open.add(events);
        events.next("snapshot");

        fail(gateway, "web");

        await("the webhook hears").atMost(SOON).until(() -> told().contains("firing web"));
        await("ntfy and the mailbox hear")
                .atMost(SOON)
                .until(() -> http.at("/topic").size() == 1 && mails(mails).size() == 1);
        HttpReceiver.Post topic = http.at("/topic").get(0);
        assertThat(topic.headers())
                .containsEntry("Title", "Fairlead: instance failed web firing")
                .containsEntry("Priority", "high")
                .containsEntry("Authorization", "Bearer tk_geheim");
        assertThat(topic.body()).startsWith("FIRING Instance web failed");
        assertThat(mails(mails).get(0))
                .contains("Subject: Fairlead: instance failed web firing", "on-call@example.org", "boss@example.org")
                .contains("FIRING Instance web failed");
        JsonNode alert = firing(gateway).get(0);
        assertThat(alert.path("severity").asText()).isEqualTo("critical");
        await("the event").atMost(SOON).until(() -> {
            JsonNode event = events.next("channel_event");
            return event.path("event").asText().equals("alert_firing")
                    && event.path("name").asText().equals("web");
        });

        gateway.post("/api/instances/web/archive", "");

        await("the end at the webhook").atMost(SOON).until(() -> told().contains("resolved web"));
        await("the end by mail").atMost(SOON).until(() -> mails(mails).size() == 2);
        assertThat(told()).containsExactly("firing web", "resolved web");
        assertThat(firing(gateway)).isEmpty();
    }

    @Test
    void a_receiver_that_is_down_is_told_when_it_is_back_and_keeps_nobody_else_waiting() {
        http.down("/hook");
        RunningGateway gateway = gateway();

        fail(gateway, "web");

        await("ntfy hears").atMost(SOON).until(() -> http.at("/topic").size() == 1);
        await("the webhook refuses").atMost(SOON).until(() -> http.refused("/hook") >= 2);
        JsonNode receivers = gateway.get("/api/alerts").body().path("receivers");
        assertThat(receivers.get(0).path("state").asText()).isEqualTo("retrying");
        assertThat(receivers.get(0).path("last_error").asText()).contains("503");
        assertThat(receivers.toString()).doesNotContain("geheim");
        gateway.close();
        http.up("/hook");

        RunningGateway next = gateway();

        await("it hears at last").atMost(SOON).until(() -> told().contains("firing web"));
        await("nothing waits")
                .atMost(SOON)
                .until(() -> next.get("/api/alerts")
                                .body()
                                .path("receivers")
                                .get(0)
                                .path("waiting")
                                .asInt()
                        == 0);
        assertThat(told()).as("once, and not again after the restart").containsExactly("firing web");
        assertThat(http.at("/topic")).hasSize(1);
        assertThat(firing(next)).hasSize(1);
    }

    @Test
    void what_is_silenced_shows_and_is_told_when_the_silence_ends() {
        RunningGateway gateway = gateway();
        assertThat(fairlead(gateway, "alerts", "silence", "instance_failed", "2h"))
                .contains("Nobody is told of instance_failed until");

        fail(gateway, "web");
        WsClient agent = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("scout"));
        agent.next("token.state");
        agent.close();

        await("the agent is told of").atMost(SOON).until(() -> told().contains("firing scout"));
        assertThat(told()).containsExactly("firing scout");
        assertThat(fairlead(gateway, "alerts")).contains("silenced", "Instance web failed", "Agent scout is offline");
        String id = firing(gateway).stream()
                .filter(alert -> alert.path("subject").asText().equals("web"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
        assertThat(gateway.post("/api/alerts/instance_failed/silence", "{\"for_seconds\":0}")
                        .status())
                .isEqualTo(200);
        await("the end of the silence").atMost(SOON).until(() -> told().contains("firing web"));
        assertThat(gateway.post("/api/alerts/" + id + "/silence", "{\"for_seconds\":99999999}")
                        .status())
                .isEqualTo(400);
        assertThat(gateway.post("/api/alerts/nothing/silence", "{\"for_seconds\":60}")
                        .status())
                .isEqualTo(404);
        await("the audit").atMost(SOON).until(() -> audit(gateway).contains("alert.silence instance_failed ok"));
    }

    @Test
    void a_line_of_a_log_and_a_dead_letter_are_told_and_a_rule_that_was_added_can_be_removed() {
        RunningGateway gateway = gateway();
        JsonNode rule = gateway.post("/api/alerts", "{\"rule\":\"log_line@web=FATAL: \\\\w+\"}")
                .body();
        String id = rule.path("id").asText();
        assertThat(gateway.post("/api/alerts", "{\"rule\":\"log_line@web=FATAL: \\\\w+\"}")
                        .status())
                .isEqualTo(409);
        assertThat(gateway.post("/api/alerts", "{\"rule\":\"nonsense\"}")
                        .body()
                        .at("/error/message")
                        .asText())
                .contains("instance_failed");
        gateway.post(
                "/api/instances",
                "{\"name\":\"web\",\"command\":[\"sh\",\"-c\",\"echo ready; echo 'FATAL: disk'; sleep 60\"]}");
        gateway.post("/api/instances/web/start", "");

        await("the line").atMost(SOON).until(() -> told().contains("firing web"));
        assertThat(firing(gateway).get(0).path("summary").asText()).isEqualTo("Log of web: FATAL: disk");
        WsClient worker = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("worker"));
        open.add(worker);
        worker.next("token.state");
        gateway.post("/api/messages", "{\"to\":\"worker\",\"type\":\"note\",\"payload\":1}");
        JsonNode message = worker.next("message.deliver").path("data");
        worker.send("{\"subject\":\"message.fail\",\"data\":{\"message_id\":\""
                + message.path("message_id").asText() + "\",\"attempt\":1,\"reason\":\"no\"}}");
        await("the dead letter").atMost(SOON).until(() -> told().contains("firing worker"));

        assertThat(gateway.delete("/api/alerts/" + id).status()).isEqualTo(204);
        await("the end of the rule").atMost(SOON).until(() -> told().contains("resolved web"));
        assertThat(gateway.delete("/api/alerts/" + id).status()).isEqualTo(404);
        assertThat(gateway.delete("/api/alerts/instance_failed").status()).isEqualTo(409);
        fail(gateway, "worse");
        gateway.post("/api/alerts", "{\"rule\":\"instance_failed@worse\"}");
        await("a rule that came after what it is about").atMost(SOON).until(() -> firing(gateway).stream()
                .anyMatch(alert -> alert.path("rule").asText().equals("instance_failed@worse")));
    }

    @Test
    void a_test_says_who_hears() {
        http.down("/topic");
        RunningGateway gateway = gateway();

        JsonNode results =
                gateway.post("/api/alerts/instance_failed/test", "").body().path("results");

        assertThat(results.get(0).path("ok").asBoolean()).isTrue();
        assertThat(results.get(1).path("ok").asBoolean()).isFalse();
        assertThat(results.get(1).path("error").asText()).contains("503");
        assertThat(told()).containsExactly("test test");
        http.up("/topic");
        assertThat(fairlead(gateway, "alerts", "test", "agent_gone")).contains("webhook: told", "ntfy: told");
        assertThat(fairlead(gateway, "alerts", "rules")).contains("agent_gone=1s", "critical", "settings");
    }

    private static String audit(RunningGateway gateway) {
        StringBuilder lines = new StringBuilder();
        gateway.get("/api/audit").body().path("entries").forEach(entry -> lines.append(
                        entry.path("action").asText())
                .append(' ')
                .append(entry.path("target").asText())
                .append(' ')
                .append(entry.path("outcome").asText())
                .append('\n'));
        return lines.toString();
    }

    private String fairlead(RunningGateway gateway, String... command) {
        List<String> all = new ArrayList<>(Arrays.asList(command));
        all.addAll(List.of("--gateway-url", gateway.http("").toString()));
        try (GatewayProcess call = GatewayProcess.run(
                folder, Map.of("FAIRLEAD_TOKEN", RunningGateway.PASSWORD), all.toArray(String[]::new))) {
            assertThat(call.exitCode()).as(call.output()).isZero();
            return call.output();
        }
    }

    private static List<String> mails(Path box) {
        Path arrived = box.resolve("new");
        if (!Files.isDirectory(arrived)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(arrived)) {
            return files.map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
