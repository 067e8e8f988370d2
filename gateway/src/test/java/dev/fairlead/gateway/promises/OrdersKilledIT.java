package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.Rounds;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.protocol.FrameCodec;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway killed at random moments, its upstream losing answers: no order twice, and it knows which arrived. */
@Tag("slow")
class OrdersKilledIT {
    private static final int KILLS = Rounds.of(5, 8);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path home;

    private GatewayProcess serve(RunningSimulator upstream) {
        GatewayProcess gateway = GatewayProcess.serve(
                home,
                Map.of(),
                "--port",
                "0",
                "--set",
                "upstream.kind=simulator",
                "--set",
                "upstream.base_url=" + upstream.baseUrl(),
                "--set",
                "orders.enabled=true",
                "--set",
                "orders.confirm=never",
                "--set",
                "orders.max_per_minute=10000");
        gateway.port();
        return gateway;
    }

    /** Places an order; its id. */
    private static String place(GatewayProcess gateway, int number) {
        var reply = gateway.send(
                "POST",
                "/api/orders",
                "{\"client_order_id\":\"o-" + number + "\",\"symbol\":\"AAPL\",\"side\":\"buy\",\"quantity\":1,"
                        + "\"order_type\":\"limit\",\"limit_price\":10}");
        return FrameCodec.tree(reply.body()).path("order_id").asText("none");
    }

    /** One that is not known to be there yet is not cancelled: 409. */
    private static void cancel(GatewayProcess gateway, String id) {
        gateway.send("POST", "/api/orders/" + id + "/cancel", "");
    }

    /** Nor is it replaced. */
    private static void replace(GatewayProcess gateway, String id) {
        gateway.send("POST", "/api/orders/" + id + "/replace", "{\"limit_price\":11}");
    }

    private static List<JsonNode> orders(GatewayProcess gateway) {
        List<JsonNode> all = new ArrayList<>();
        FrameCodec.tree(gateway.send("GET", "/api/orders?limit=1000", "").body())
                .get("orders")
                .forEach(all::add);
        return all;
    }

    /** What the upstream calls the orders in one of these statuses that it has. */
    private static Set<String> upstreamIds(List<JsonNode> orders, Set<String> statuses) {
        return orders.stream()
                .filter(order -> statuses.contains(order.get("status").asText()) && order.has("upstream_order_id"))
                .map(order -> order.get("upstream_order_id").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void no_order_cancellation_or_replacement_reaches_the_upstream_twice_and_the_gateway_finds_out_which_did()
            throws Exception {
        SplittableRandom random = new SplittableRandom();
        try (RunningSimulator upstream = RunningSimulator.start()) {
            AtomicInteger number = new AtomicInteger();
            for (int kill = 0; kill < KILLS; kill++) {
                upstream.faults().set(List.of("lost_order_reply:3"));
                GatewayProcess gateway = serve(upstream);
                int again = number.get();
                Thread placing = new Thread(() -> {
                    try {
                        while (true) {
                            place(gateway, Math.max(1, again - 2)); // one that may be under way still
                            String id = place(gateway, number.incrementAndGet());
                            if (number.get() % 2 == 0) {
                                place(gateway, number.incrementAndGet());
                                cancel(gateway, id);
                            } else {
                                place(gateway, number.incrementAndGet());
                                replace(gateway, id);
                            }
                        }
                    } catch (UncheckedIOException killed) {
                        // the next gateway goes on
                    }
                });
                placing.start();
                int first = number.get();
                await().atMost(PATIENCE).until(() -> number.get() > first + 2);
                placing.join(random.nextInt(50, 600));
                gateway.kill();
                placing.join();
            }
            upstream.faults().clear();
            try (GatewayProcess gateway = serve(upstream)) {
                Set<String> live = Set.of("submitted", "working");
                await().atMost(PATIENCE).until(() -> orders(gateway).stream()
                        .map(order -> order.get("status").asText())
                        .allMatch(status -> live.contains(status)
                                || Set.of("failed", "cancelled").contains(status)));
                Set<String> arrived = new TreeSet<>();
                Set<String> ended = new TreeSet<>();
                int replaced = 0;
                for (JsonNode order : upstream.orders()) {
                    String id = order.get("id").asText();
                    if (order.has("replacing-order-id")) {
                        replaced++;
                    } else {
                        (order.get("status").asText().equals("Cancelled") ? ended : arrived).add(id);
                    }
                }

                assertThat(upstream.count("violation.order_sent_twice")).isZero();
                assertThat(upstream.count("violation.cancel_sent_twice")).isZero();
                // Others never went out.
                assertThat(upstreamIds(orders(gateway), Set.of("cancelled")))
                        .isEqualTo(ended)
                        .isNotEmpty();
                assertThat(arrived).hasSizeGreaterThan(KILLS);
                assertThat(replaced).isPositive();
                assertThat(upstreamIds(orders(gateway), live)).isEqualTo(arrived);
                assertThat(gateway.output()).doesNotContain("ERROR");
            }
        }
    }
}
