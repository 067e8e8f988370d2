package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What opens the upstream stays between the gateway and the upstream. */
@Tag("attack")
class UpstreamSecretsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private final List<String> heard = new ArrayList<>();

    @Test
    void nothing_of_tastytrades_secrets_or_tokens_shows_anywhere() throws Exception {
        String secret = SimulatedAccount.CLIENT_SECRET;
        String refresh = SimulatedAccount.REFRESH_TOKEN;
        try (RunningSimulator upstream = RunningSimulator.start()) {
            String said = run(
                    upstream,
                    "tastytrade",
                    Map.of("TASTY_CLIENT_SECRET", secret, "TASTY_REFRESH_TOKEN", refresh, "TASTY_IS_TEST", "1"),
                    "AAPL",
                    Fault.INVALID_GRANT);
            isClean(upstream, List.of(secret, refresh, refresh.substring(refresh.lastIndexOf('.') + 1)));
            assertThat(said.lines().filter(line -> line.contains("invalid_grant")))
                    .hasSize(1);
        }
    }

    @Test
    void nothing_of_krakens_keys_or_tokens_shows_anywhere() throws Exception {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            String said = run(
                    upstream,
                    "kraken",
                    Map.of(
                            "KRAKEN_API_KEY",
                            SimulatedAccount.KRAKEN_KEY,
                            "KRAKEN_API_SECRET",
                            SimulatedAccount.KRAKEN_SECRET),
                    "BTC/USD",
                    Fault.KRAKEN_INVALID_KEY);
            isClean(upstream, List.of(SimulatedAccount.KRAKEN_KEY, SimulatedAccount.KRAKEN_SECRET));
            assertThat(said.lines().filter(line -> line.contains("EAPI:Invalid key")))
                    .hasSize(1);
        }
    }

    /** A life with all that is good and much that is bad; gives the gateway's log. */
    private String run(
            RunningSimulator upstream, String kind, Map<String, String> environment, String symbol, Fault refusal)
            throws Exception {
        try (GatewayProcess gateway = GatewayProcess.serve(
                home,
                environment,
                "--port",
                "0",
                "--set",
                "log.level=debug",
                "--set",
                "upstream.kind=" + kind,
                "--set",
                "upstream.base_url=" + upstream.baseUrl(),
                "--set",
                "orders.enabled=true",
                "--set",
                "orders.account=" + SimulatedAccount.ACCOUNT,
                "--set",
                "orders.confirm=never")) {
            WsClient token = WsClient.connect(gateway.ws("/ws/token"));
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));
            await().atMost(SOON)
                    .until(() -> call(gateway, "GET", "/api/token", "").contains("\"valid\""));
            String order = "{\"client_order_id\":\"o-1\",\"symbol\":\"" + symbol
                    + "\",\"side\":\"buy\",\"quantity\":1,\"order_type\":\"limit\",\"limit_price\":10}";
            upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);
            call(gateway, "POST", "/api/orders", order);
            await().atMost(SOON)
                    .until(() -> call(gateway, "GET", "/api/orders", "").contains("upstream_order_id"));
            upstream.faults().set(List.of("html_401:1", "expired_access_token:1"));
            call(gateway, "POST", "/api/orders", order.replace("o-1", "o-2"));
            call(gateway, "GET", "/api/quotes/" + symbol.replace("/", "%2F"), "");
            upstream.faults().set(List.of("server_error:1"));
            call(gateway, "POST", "/api/token/refresh", "{}");
            upstream.faults().set(List.of(refusal.wire()));
            call(gateway, "POST", "/api/token/refresh", "{}");
            await().atMost(SOON)
                    .until(() -> call(gateway, "GET", "/api/token", "").contains("\"unavailable\""));
            call(gateway, "POST", "/api/orders", order.replace("o-1", "o-3"));
            for (String path : List.of("/metrics", "/api/audit?limit=500", "/api/health", "/api/openapi.json")) {
                call(gateway, "GET", path, "");
            }
            drain(token);
            drain(events);
            heard.add(Files.readString(Path.of("/proc/" + gateway.pid() + "/cmdline")));
            gateway.terminate();
            assertThat(gateway.exit(SOON)).isZero();
            heard.add(gateway.output());
            return gateway.output();
        }
    }

    private void isClean(RunningSimulator upstream, List<String> secrets) throws IOException {
        List<String> canaries = new ArrayList<>(secrets);
        canaries.addAll(upstream.issuedTokens());
        assertThat(canaries).hasSizeGreaterThan(secrets.size());
        assertThat(String.join("", heard)).contains("submitted", "refreshing", "fairlead_token");
        List<Path> kept;
        try (Stream<Path> files = Files.walk(home.resolve(".fairlead"))) {
            kept = files.filter(Files::isRegularFile).toList();
        }
        assertThat(kept).hasSizeGreaterThan(1);
        Stream.concat(heard.stream(), kept.stream().map(UpstreamSecretsIT::bytes))
                .forEach(text -> assertThat(canaries.stream().filter(text::contains))
                        .as(text.length() > 2000 ? text.substring(0, 2000) : text)
                        .isEmpty());
    }

    private String call(GatewayProcess gateway, String method, String path, String body) {
        var reply = gateway.send(method, path, body);
        heard.add(reply.headers().map() + reply.body());
        return reply.body();
    }

    private void drain(WsClient stream) {
        stream.send("{\"type\":\"ping\"}");
        for (JsonNode frame = stream.next(); !frame.path("type").asText().equals("pong"); frame = stream.next()) {
            heard.add(new String(FrameCodec.encode(frame), StandardCharsets.UTF_8));
        }
        stream.close();
    }

    private static String bytes(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
