package dev.fairlead.gateway.faces.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A gateway and keys to it, for messages of MCP byte by byte. */
abstract class McpAtGateway {
    static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;
    static final String META = "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    @TempDir
    static Path folder;

    static RunningGateway gateway;
    static String reader;
    static String operator;
    static String trader;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "auth.mode=required");
        reader = key("mcp", "read");
        operator = key("mcp", "read", "operate");
        trader = key("mcp", "trade");
        create("printer", "echo it is cold; sleep 600");
        assertThat(admin("/api/instances/printer/start", "").status()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(gateway.get("/api/instances/printer/logs", "Authorization", ADMIN)
                        .body()
                        .path("lines")
                        .toString())
                .contains("it is cold"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static void introduce() {
        assertThat(legacy(
                                RunningGateway.PASSWORD,
                                call(
                                        "initialize",
                                        "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"elicitation\":{}}"))
                        .status())
                .isEqualTo(200);
    }

    static String startOf(String name) {
        return call("tools/call", "\"name\":\"start_instance\",\"arguments\":{\"name\":\"" + name + "\"}");
    }

    static Events events(String key, String json) throws IOException {
        return new Events(HttpRequest.newBuilder(gateway.http("/mcp"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("MCP-Protocol-Version", "2025-11-25")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    static Events resumed(String key, String lastSeen) throws IOException {
        return new Events(HttpRequest.newBuilder(gateway.http("/mcp"))
                .header("Authorization", "Bearer " + key)
                .header("Last-Event-ID", lastSeen)
                .build());
    }

    /** An answer as its events come. */
    static final class Events implements AutoCloseable {
        private static final HttpClient HTTP = HttpClient.newHttpClient();

        private final BufferedReader lines;
        private String lastId = "";

        Events(HttpRequest request) throws IOException {
            try {
                HttpResponse<InputStream> response = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
                lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        JsonNode next() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    return FrameCodec.tree(line.substring("data: ".length()));
                }
            }
            throw new AssertionError("The events are over");
        }

        boolean isOver() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    return false;
                }
            }
            return true;
        }

        /** As with a key that holds no more: nothing is told after that, not even that it is the end. */
        boolean isOverOrCutOff() {
            try {
                return isOver();
            } catch (IOException cutOff) {
                return true;
            }
        }

        String lastId() {
            return lastId;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    static RunningGateway.Reply legacy(String key, String json) {
        return post(key, json, "MCP-Protocol-Version", "2025-11-25");
    }

    static RunningGateway.Reply modern(String key, String method, String name, String params) {
        List<String> headers = new ArrayList<>(List.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method));
        if (!name.isEmpty()) {
            headers.addAll(List.of("Mcp-Name", name));
        }
        String all = (params.isEmpty() ? "" : params + ",") + "\"_meta\":" + META;
        return post(key, call(method, all), headers.toArray(String[]::new));
    }

    static RunningGateway.Reply post(String key, String json, String... more) {
        List<String> headers = new ArrayList<>(Arrays.asList(more));
        if (!key.isEmpty()) {
            headers.addAll(List.of("Authorization", "Bearer " + key));
        }
        headers.addAll(List.of("Accept", "application/json, text/event-stream"));
        return gateway.post("/mcp", json, headers.toArray(String[]::new));
    }

    static String call(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    }

    static JsonNode tool(String key, String name, String arguments) {
        return result(legacy(key, call("tools/call", "\"name\":\"" + name + "\",\"arguments\":" + arguments)));
    }

    static JsonNode result(RunningGateway.Reply reply) {
        assertThat(reply.body().has("result")).as(reply.raw().body()).isTrue();
        return reply.body().path("result");
    }

    static int code(RunningGateway.Reply reply, int status) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
        return reply.body().path("error").path("code").asInt();
    }

    static void create(String name, String script) {
        ObjectNode instance = FrameCodec.object().put("name", name).put("restart", "never");
        instance.putArray("command").add("sh").add("-c").add(script);
        assertThat(admin("/api/instances", instance.toString()).status()).isEqualTo(201);
    }

    static String key(String kind, String... scopes) {
        ObjectNode wanted = FrameCodec.object().put("kind", kind).put("name", "claude");
        Arrays.stream(scopes).forEach(wanted.putArray("scopes")::add);
        return admin("/api/admin/tokens", wanted.toString())
                .body()
                .path("token")
                .asText();
    }

    static RunningGateway.Reply admin(String path, String json) {
        return gateway.post(path, json, "Authorization", ADMIN);
    }

    static String status(String instance) {
        return gateway.get("/api/instances/" + instance, "Authorization", ADMIN)
                .body()
                .path("status")
                .asText();
    }
}
