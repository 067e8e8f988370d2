package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets and payloads turn up nowhere they were not sent to. */
@Tag("attack")
class LeaksIT {
    private static final String PAYLOAD = "c4n4ry-p4yl04d";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private final Map<String, String> canaries = new LinkedHashMap<>();
    private final List<String> heard = new ArrayList<>();

    @Test
    void no_secret_and_no_payload_shows_in_logs_streams_errors_metrics_arguments_or_the_data_folder() throws Exception {
        canaries.put("payload", PAYLOAD);
        canaries.put("guess", "c4n4ry-gu3ss");
        try (GatewayProcess gateway = GatewayProcess.serve(home, Map.of(), "--port", "0", "--set", "log.level=debug")) {
            gateway.port();
            keep(
                    "password",
                    Files.readString(home.resolve(".fairlead/admin-password")).strip());
            keep("key", Files.readString(home.resolve(".fairlead/signing-key")).strip());
            keep(
                    "identity",
                    Files.readString(home.resolve(".fairlead/identity-key")).strip());
            WsClient agents = WsClient.connect(gateway.ws("/ws/agents"));
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));

            goodCalls(gateway);
            failingCalls(gateway);

            heard.add(call(gateway, "GET", "/metrics", ""));
            heard.add(call(gateway, "GET", "/api/audit?limit=500", ""));
            heard.add(call(gateway, "GET", "/api/agents", ""));
            heard.add(call(gateway, "GET", "/api/health", ""));
            heard.add(Files.readString(Path.of("/proc/" + gateway.pid() + "/cmdline")));
            drain(agents);
            drain(events);
            gateway.terminate();
            assertThat(gateway.exit(PATIENCE)).isZero();
            heard.add(gateway.output());
        }
        assertThat(heard).allSatisfy(this::isClean);
        assertThat(String.join("", heard)).contains("agent-1").contains("fairlead_ws"); // something was heard at all
        try (Stream<Path> files = Files.walk(home.resolve(".fairlead"))) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> !file.getFileName()
                            .toString()
                            .matches("(admin-password|signing-key|identity-key)")))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(file -> isClean(bytes(file)));
        }
    }

    private void goodCalls(GatewayProcess gateway) {
        JsonNode login = json(gateway, "POST", "/api/login", "{\"password\":\"" + canaries.get("password") + "\"}");
        keep("operator token", login.get("token").asText());
        String bearer = "Bearer " + canaries.get("password");
        keep(
                "registration token",
                json(gateway, "POST", "/api/admin/tokens", "{\"agent_name\":\"agent-1\"}", "Authorization", bearer)
                        .get("token")
                        .asText());
        keep(
                "login key",
                json(gateway, "POST", "/api/admin/login-keys", "{}", "Authorization", bearer)
                        .get("key")
                        .asText());
        String scraper = "{\"kind\":\"metrics\",\"name\":\"scraper\"}";
        keep(
                "key of a face",
                json(gateway, "POST", "/api/admin/tokens", scraper, "Authorization", bearer)
                        .get("token")
                        .asText());
        heard.add(call(gateway, "GET", "/metrics", "", "Authorization", "Bearer " + canaries.get("key of a face")));
        WsClient agent = WsClient.connect(gateway.ws("/ws/agent?token=" + canaries.get("registration token")));
        keep(
                "permanent token",
                agent.next("agent.register.ack").get("data").get("token").asText());
        agent.send("{\"subject\":\"test.echo\",\"data\":{\"x\":\"" + PAYLOAD + "\"}}")
                .next("test.echo");
        agent.send("{\"subject\":\"agents.agent-1.work\",\"data\":{\"x\":\"" + PAYLOAD + "\"}}");
        String inbox = agent.next("work").get("reply").asText();
        agent.send("{\"subject\":\"" + inbox + "\",\"data\":{\"x\":\"" + PAYLOAD + "\"}}");
        agent.next("agents.agent-1.work.ack");
        keep(
                "rotated token",
                json(gateway, "POST", "/api/agents/agent-1/rotate-token", "{}", "Authorization", bearer)
                        .get("token")
                        .asText());
        agent.close();
        agent.closed();
    }

    /** What goes wrong names what it is about, which must not be a secret. */
    private void failingCalls(GatewayProcess gateway) {
        canaries.forEach((what, secret) -> {
            String bearer = "Bearer " + secret + (what.endsWith("token") ? "x" : "");
            heard.add(call(gateway, "GET", "/api/nothing", "", "Authorization", bearer));
            heard.add(call(gateway, "GET", "/api/agents?token=" + secret + "x", ""));
            heard.add(call(gateway, "POST", "/api/login", "{\"password\":\"" + secret + "\",\"password\":1}"));
            heard.add(call(gateway, "POST", "/api/login", "{\"password\":[\"" + secret + "\"]}"));
            heard.add(call(gateway, "POST", "/api/login", "{\"password\":\"" + secret));
            heard.add(call(gateway, "POST", "/api/admin/tokens", "{\"agent_name\":\"" + secret + " \"}"));
            heard.add(call(gateway, "POST", "/api/agents/agent-1/request", "{\"subject\":\"" + secret + "..\"}"));
            heard.add(call(
                    gateway,
                    "POST",
                    "/api/agents/agent-1/request",
                    "{\"subject\":\"work\",\"data\":{\"x\":\"" + secret + "\"}}"));
            WsClient agent = WsClient.connect(gateway.ws("/ws/agent"));
            agent.send("{\"subject\":\"agent.register\",\"data\":{\"token\":\"" + secret + "x\"}}");
            heard.add(agent.next().toString());
            heard.add(agent.closed().reason());
            assertThat(WsClient.refusal(gateway.ws("/ws/agents?token=" + secret + "x")))
                    .isIn(401, 429);
            WsClient stream = WsClient.connect(gateway.ws("/ws/agents"));
            stream.send("{\"type\":\"" + secret + "\\u0000\",\"x\":{\"a\":1,\"a\":2}}");
            drainUntilClosed(stream);
        });
    }

    private void drain(WsClient stream) {
        stream.send("{\"type\":\"ping\"}");
        for (JsonNode frame = stream.next(); !frame.path("type").asText().equals("pong"); frame = stream.next()) {
            heard.add(frame.toString());
        }
    }

    private void drainUntilClosed(WsClient stream) {
        heard.add(stream.closed().reason());
        while (stream.hasMessage()) {
            heard.add(stream.next().toString());
        }
    }

    private void keep(String what, String secret) {
        assertThat(secret).hasSizeGreaterThan(20);
        canaries.put(what, secret);
    }

    private void isClean(String text) {
        canaries.forEach((what, secret) -> {
            // A JWT's signature alone would do to anybody who knows the claims.
            String telling = secret.substring(secret.lastIndexOf('.') + 1);
            assertThat(text.contains(telling))
                    .as("%s in: %s", what, text.length() > 2000 ? text.substring(0, 2000) : text)
                    .isFalse();
        });
    }

    private static JsonNode json(GatewayProcess gateway, String method, String path, String body, String... headers) {
        return FrameCodec.tree(gateway.send(method, path, body, headers).body());
    }

    private static String call(GatewayProcess gateway, String method, String path, String body, String... headers) {
        var reply = gateway.send(method, path, body, headers);
        return reply.statusCode() + " " + reply.headers().map() + " " + reply.body();
    }

    private static String bytes(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
