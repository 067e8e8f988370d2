package dev.fairlead.gateway.orders;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that places orders at a simulated tastytrade, over real sockets. */
@ExtendWith(BlockedLoops.class)
abstract class OrdersAtSimulator {
    static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    final MovableTime time = new MovableTime();
    final RunningSimulator upstream = RunningSimulator.start();
    final List<AutoCloseable> open = new ArrayList<>();

    /** What a JVM does once when its first gateway starts is nothing that a loop is blamed for here. */
    @BeforeAll
    static void warmUp(@TempDir Path folder) {
        RunningGateway.start(folder.resolve("data")).close();
    }

    @BeforeEach
    void register() {
        open.add(upstream);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    RunningGateway gateway(String... settings) {
        List<String> all = new ArrayList<>(
                List.of("upstream.kind=simulator", "upstream.base_url=" + upstream.baseUrl(), "orders.enabled=true"));
        all.addAll(List.of(settings));
        RunningGateway gateway = RunningGateway.start(folder.resolve("data"), time, all.toArray(String[]::new));
        open.add(gateway);
        await().atMost(SOON)
                .until(() ->
                        gateway.get("/api/token").body().get("state").asText().equals("valid"));
        return gateway;
    }

    static String order(String clientId, String more) {
        return "{\"client_order_id\":\"" + clientId + "\",\"symbol\":\"AAPL\",\"side\":\"buy\",\"quantity\":2,"
                + "\"order_type\":\"limit\",\"limit_price\":10.50" + more + "}";
    }

    static String order(String clientId) {
        return order(clientId, "");
    }

    /** Waits until an order has come to a status; it may have gone on since. */
    static JsonNode awaitStatus(RunningGateway gateway, String id, String status) {
        await().atMost(SOON)
                .until(() -> history(gateway.get("/api/orders/" + id).body()).contains(status));
        return gateway.get("/api/orders/" + id).body();
    }

    static List<String> history(JsonNode order) {
        List<String> statuses = new ArrayList<>();
        order.get("history").forEach(step -> statuses.add(step.get("status").asText()));
        return statuses;
    }

    /** Places a limit order of two shares; its id once the upstream has it. */
    static String submitted(RunningGateway gateway, String clientId) {
        String id = gateway.post("/api/orders", order(clientId))
                .body()
                .get("order_id")
                .asText();
        awaitStatus(gateway, id, "submitted");
        return id;
    }
}
