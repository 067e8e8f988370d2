package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Agents of the gateway: gets them tokens and registers them, as anybody would. */
final class AgentFleet {
    /** Of the gateways started here, whose data folder goes with them. */
    static final String PASSWORD = "a password for nobody else";

    /** Of a gateway that such agents are at: they send no heartbeats, and come from one address. */
    private static final List<String> SETTINGS = List.of(
            "http.port=0",
            "auth.admin_password=" + PASSWORD,
            "ws.max_per_address_loopback=20000",
            "agents.stale_after=1h",
            "agents.offline_after=2h");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PATH = "/ws/agent";
    private static final int AT_ONCE = 32; // of the 64 that may be open unregistered

    private final LoadLoop loop;
    private final int port;
    private final List<String> permanent = new ArrayList<>();
    private int registered;
    private int refused;

    AgentFleet(LoadLoop loop, int port) {
        this.loop = loop;
        this.port = port;
    }

    /** The settings of a gateway for such agents, and others with them. */
    static List<String> settings(String... others) {
        List<String> all = new ArrayList<>(SETTINGS);
        all.addAll(List.of(others));
        return List.copyOf(all);
    }

    /** What an operator sends with each call. */
    String operatorToken() {
        return operatorToken(client());
    }

    /** What a counter of the gateway's metrics stands at. */
    double counter(String name) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .header("Authorization", "Bearer " + operatorToken())
                .build();
        return client().sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .join()
                .body()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The gateway has no metric " + name));
    }

    /** Registration tokens by name. */
    Map<String, String> registrationTokens(String prefix, int count) {
        HttpClient http = client();
        String operator = operatorToken(http);
        Map<String, String> tokens = new LinkedHashMap<>();
        for (int from = 0; from < count; from += AT_ONCE) {
            List<CompletableFuture<JsonNode>> asked = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                asked.add(post(
                        http,
                        "/api/admin/tokens",
                        FrameCodec.object().put("agent_name", prefix + i),
                        Optional.of(operator)));
            }
            asked.forEach(one -> {
                JsonNode made = one.join();
                tokens.put(made.get("agent_name").textValue(), made.get("token").textValue());
            });
        }
        return tokens;
    }

    /** Connects one agent for each token, a few at a time; the listener hears what comes after the registration. */
    List<LoadConnection> connect(Iterable<String> tokens, LoadConnection.Listener listener) {
        List<LoadConnection> all = new ArrayList<>();
        int before = registered;
        for (String token : tokens) {
            all.add(loop.open(port, PATH, Optional.of(token), new Agent(token, listener)));
            loop.runUntil(() -> registered - before > all.size() - AT_ONCE, PATIENCE);
        }
        loop.runUntil(() -> registered - before == all.size(), PATIENCE);
        return all;
    }

    /** The permanent tokens of all that registered here for the first time, in that order. */
    List<String> permanentTokens() {
        return List.copyOf(permanent);
    }

    /** All at once, again and again until each is registered; answers how many tries were refused. */
    int storm(List<String> tokens) {
        int before = registered;
        for (String token : tokens) {
            loop.open(port, PATH, Optional.of(token), new Agent(token, (connection, payload) -> {}));
        }
        loop.runUntil(() -> registered - before == tokens.size(), PATIENCE);
        return refused;
    }

    private final class Agent implements LoadConnection.Listener {
        private final String token;
        private final LoadConnection.Listener listener;
        private boolean atWork;

        Agent(String token, LoadConnection.Listener listener) {
            this.token = token;
            this.listener = listener;
        }

        @Override
        public void text(LoadConnection connection, ByteBuffer payload) {
            if (startsWith(payload, "{\"subject\":\"agent.register.ack\"")) {
                registered++;
                atWork = true;
                byte[] json = new byte[payload.remaining()];
                payload.get(json);
                JsonNode kept = FrameCodec.tree(json).path("data").path("token");
                if (kept.isTextual()) {
                    permanent.add(kept.textValue());
                }
            } else if (!startsWith(payload, "{\"subject\":\"token.state\"")) {
                listener.text(connection, payload);
            }
        }

        @Override
        public void ended(LoadConnection connection, String why) {
            if (atWork) {
                throw new IllegalStateException("An agent of the load lost its connection: " + why);
            }
            refused++;
            loop.open(port, PATH, Optional.of(token), this);
        }
    }

    static boolean startsWith(ByteBuffer payload, String start) {
        if (payload.remaining() < start.length()) {
            return false;
        }
        for (int i = 0; i < start.length(); i++) {
            if (payload.get(payload.position() + i) != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private String operatorToken(HttpClient http) {
        return post(http, "/api/login", FrameCodec.object().put("password", PASSWORD), Optional.empty())
                .join()
                .get("token")
                .textValue();
    }

    private CompletableFuture<JsonNode> post(HttpClient http, String path, ObjectNode body, Optional<String> token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> {
                    if (answer.statusCode() / 100 != 2) {
                        throw new IllegalStateException(
                                path + " answered " + answer.statusCode() + " " + answer.body());
                    }
                    return FrameCodec.tree(answer.body());
                });
    }
}
