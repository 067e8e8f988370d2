package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.auth.AdminPassword;
import dev.fairlead.gateway.auth.DeviceMarks;
import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.auth.LoginLimiter;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.LocalOperator;
import dev.fairlead.gateway.edge.access.SocketSlots;
import dev.fairlead.gateway.edge.agent.FrameRates;
import dev.fairlead.gateway.edge.intake.ByteBudget;
import dev.fairlead.gateway.edge.page.OwnCommand;
import dev.fairlead.gateway.edge.page.PageFiles;
import dev.fairlead.gateway.edge.rest.Endpoint;
import dev.fairlead.gateway.edge.socket.Traffic;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.ApiDocument;
import dev.fairlead.gateway.testing.FrameContract;
import dev.fairlead.gateway.testing.RestContract;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Subject;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents of the contract and the gateway tell the same. */
class ContractTest {
    @Test
    void every_rest_call_is_documented_and_every_documented_one_exists() {
        Set<String> calls = calls().stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(RestContract.calls()).isEqualTo(calls);
    }

    /** Behind each is a concern, which may be late: all but the documents themselves. */
    @Test
    void every_call_that_may_be_late_says_so() {
        JsonNode paths = RestContract.document().root().at("/paths");
        Set<String> silent = new TreeSet<>();
        paths.properties().forEach(path -> path.getValue().properties().forEach(call -> {
            JsonNode answers = call.getValue().path("responses");
            if (answers.at("/503/$ref").asText().endsWith("/Unavailable") && !answers.has("504")) {
                silent.add(path.getKey());
            }
        }));
        assertThat(silent).containsExactly("/api/asyncapi.json", "/api/openapi.json");
    }

    @Test
    void what_an_agent_may_be_asked_is_what_the_gateway_does_not_say_itself() {
        JsonNode subject = RestContract.document().root().at("/components/schemas/AgentRequest/properties/subject");
        Pattern reserved = Pattern.compile(subject.at("/not/pattern").asText());
        assertThat(Subject.RESERVED).allSatisfy(word -> {
            assertThat(reserved.matcher(word).find()).isTrue();
            assertThat(reserved.matcher(word + ".more").find()).isTrue();
            assertThat(reserved.matcher(word + "s").find()).isFalse();
            assertThat(subject.get("description").asText()).contains("`" + word + "`");
        });
    }

    @Test
    void every_socket_endpoint_is_documented_and_every_documented_one_exists() {
        Set<String> endpoints = new TreeSet<>(List.of("/ws", "/ws/agent", "/ws/chat"));
        EdgeVerticle.STREAMS.forEach(stream -> endpoints.add("/ws/" + stream.path()));

        assertThat(FrameContract.endpoints()).isEqualTo(endpoints);
    }

    @Test
    void the_parameters_of_every_stream_are_documented() {
        EdgeVerticle.STREAMS.forEach(stream -> {
            String address = "/ws/" + stream.path().replaceAll(":(\\w+)", "{$1}");
            JsonNode query = channel(address).at("/bindings/ws/query/properties");
            assertThat(query.fieldNames())
                    .toIterable()
                    .as("%s in asyncapi.json", address)
                    .containsAll(stream.parameters())
                    .contains("since", "ping", "token");
        });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_error_code_outside_the_chat_is_documented(ApiDocument document) {
        List<String> codes = Arrays.stream(ErrorCode.values())
                .map(ErrorCode::wire)
                .filter(code -> Character.isLowerCase(code.charAt(0)))
                .toList();

        assertThat(texts(document.root().at("/components/schemas/ErrorCode/enum")))
                .containsExactlyInAnyOrderElementsOf(codes);
    }

    @Test
    void every_close_code_named_is_one_the_gateway_sends() {
        JsonNode named = FrameContract.document().root().path("x-close-codes");
        assertThat(named.fieldNames()).toIterable().allSatisfy(code -> assertThat(CloseCode.of(Integer.parseInt(code)))
                .isPresent());
        FrameContract.document().root().path("channels").forEach(channel -> texts(channel.path("x-close-codes"))
                .forEach(code -> assertThat(named.has(code)).as(code).isTrue()));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_reference_leads_somewhere(ApiDocument document) {
        List<JsonNode> references = document.root().findValues("$ref");

        assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.root().at(reference.asText().substring(1)).isMissingNode())
                .as("%s is missing", reference)
                .isFalse());
    }

    @Test
    void an_answer_that_is_not_documented_is_noticed() {
        JsonNode tooMuch = FrameCodec.tree("{\"status\":\"ok\",\"secret\":1}");
        JsonNode nothing = FrameCodec.object();

        assertThatThrownBy(() -> RestContract.check("GET", "/api/health/live", 200, "application/json", tooMuch))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("secret");
        assertThatThrownBy(() -> RestContract.check("GET", "/api/agents", 418, "application/json", nothing))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("418");
        assertThatThrownBy(() -> RestContract.check("GET", "/api/agents/a", 404, "text/html", nothing))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("text/html");
    }

    @Test
    void a_frame_that_is_not_documented_is_noticed() {
        FrameContract agents = FrameContract.at("/ws/agents").orElseThrow();
        FrameContract agent = FrameContract.at("/ws").orElseThrow();
        agent.sending("{\"subject\":\"agent.register\",\"reply\":\"inbox.1\"}");

        assertThatThrownBy(() -> agents.check(FrameCodec.tree("{\"type\":\"surprise\"}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("surprise");
        assertThatThrownBy(() -> agents.check(FrameCodec.tree(
                        "{\"type\":\"snapshot\",\"agents\":[{\"name\":\"A\"}],\"epoch\":\"e\",\"seq\":1}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("agent_id");
        assertThatThrownBy(() ->
                        agent.check(FrameCodec.tree("{\"subject\":\"inbox.1\",\"data\":{\"x\":1},\"timestamp\":1}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("heartbeat_interval_ms");
    }

    static Stream<ApiDocument> documents() {
        return Stream.of(RestContract.document(), FrameContract.document());
    }

    /** The calls of an edge that is not started: nothing behind them is used. */
    private static List<Endpoint> calls() {
        Settings settings = Settings.of();
        TokenVerifier verifier = new TokenVerifier(SigningKey.generate(), TimeSource.system());
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.vertx();
        try {
            Bus bus = Bus.install(vertx);
            EdgeContext context = new EdgeContext(
                    settings,
                    TimeSource.system(),
                    "node",
                    "1",
                    0,
                    new Gatekeeper(
                            settings,
                            LocalOperator.on(vertx, settings, "node", Optional.empty()),
                            verifier,
                            new AdminPassword(vertx, "x"),
                            new LoginLimiter(1, 1, TimeSource.system()),
                            new DeviceMarks(SigningKey.generate()),
                            bus),
                    new TokenIssuer(SigningKey.generate(), TimeSource.system()),
                    GatewayIdentity.parse(GatewayIdentity.newKey()),
                    new SocketSlots(settings.ws(), settings.http()),
                    new FrameRates(1),
                    new ByteBudget(1, 1),
                    new ByteBudget(1, 1),
                    new Lifecycle(),
                    new Traffic(metrics),
                    PageFiles.load("/"),
                    new OwnCommand(List.of("fairlead"), Optional.empty()),
                    Traces.none(),
                    metrics,
                    List.of(),
                    new AtomicInteger());
            return new EdgeVerticle(context).endpoints(bus);
        } finally {
            vertx.close().await();
        }
    }

    private static JsonNode channel(String address) {
        for (JsonNode channel : FrameContract.document().root().path("channels")) {
            if (channel.path("address").asText().equals(address)) {
                return channel;
            }
        }
        throw new AssertionError("asyncapi.json lacks " + address);
    }

    private static List<String> texts(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                .map(i -> array.get(i).asText())
                .toList();
    }
}
