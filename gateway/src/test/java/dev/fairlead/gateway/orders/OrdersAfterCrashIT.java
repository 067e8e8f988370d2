package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that ended between any two steps of a submission leaves what it had stored by then and nothing else; each
 * test begins with just that.
 */
class OrdersAfterCrashIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private final RunningSimulator upstream = RunningSimulator.start();
    private Optional<RunningGateway> running = Optional.empty();
    private String node = "";

    @BeforeEach
    void nameTheNode() {
        try (RunningGateway before = start()) {
            node = before.gateway().node();
        }
    }

    @AfterEach
    void stop() {
        running.ifPresent(RunningGateway::close);
        upstream.close();
    }

    private RunningGateway start() {
        return RunningGateway.start(
                folder.resolve("data"),
                time,
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.confirm=never");
    }

    /** Leaves an order behind as a gateway does that ended when it had just stored the last of these. */
    private UUID left(OrderStatus... statuses) throws IOException {
        return left(Optional.empty(), statuses);
    }

    private UUID left(Optional<Replacement> replacement, OrderStatus... statuses) throws IOException {
        Vertx vertx = Vertx.vertx();
        Database database = RunningGateway.await(
                Database.open(vertx, Settings.defaults().db(), DataFolder.open(folder.resolve("data"))));
        OrderRepository repository = new OrderRepository(
                database,
                Ledger.of(database, new VertxScheduler(vertx)),
                OrderMode.LIVE,
                Duration.ofMinutes(15),
                news -> {});
        NewOrder asked = NewOrder.of(new OrderCommands.Submit(
                Optional.of("agent-1"),
                "o-1",
                "AAPL",
                "buy",
                BigDecimal.ONE,
                "limit",
                Optional.of(BigDecimal.TEN),
                ""));
        Transitions transitions = new Transitions(time, new SplittableRandom(), node, OrderMode.LIVE);
        Order order = transitions
                .to(transitions.received(asked), OrderStatus.APPROVED, Optional.empty())
                .worth(BigDecimal.TEN);
        RunningGateway.await(repository.add(order));
        for (OrderStatus status : statuses) {
            Order next = transitions.to(order, status, Optional.empty());
            if (status == OrderStatus.REPLACING) {
                next = next.replacedBy(replacement).known(next.upstream().called(upstream.newest(), "Live"));
            }
            RunningGateway.await(repository.change(order, next));
            order = next;
        }
        RunningGateway.await(database.close());
        RunningGateway.await(vertx.close());
        return order.id();
    }

    private JsonNode awaitStatus(UUID id, String status) {
        RunningGateway gateway = running.orElseGet(this::start);
        running = Optional.of(gateway);
        await().atMost(SOON)
                .until(() -> history(gateway.get("/api/orders/" + id).body()).contains(status));
        return gateway.get("/api/orders/" + id).body();
    }

    private static List<String> history(JsonNode order) {
        List<String> statuses = new ArrayList<>();
        order.get("history").forEach(step -> statuses.add(step.get("status").asText()));
        return statuses;
    }

    @Test
    void ended_before_it_was_about_to_send_it_sends_it_now() throws IOException {
        UUID id = left();

        awaitStatus(id, "submitted");

        assertThat(upstream.count("orders_placed")).isOne();
    }

    @Test
    void ended_before_it_sent_it_does_not_send_it_and_the_order_fails_when_that_is_certain() throws IOException {
        UUID id = left(OrderStatus.SUBMITTING);
        awaitStatus(id, "unknown");
        await().atMost(SOON).until(() -> upstream.count("orders_list") > 0);

        time.advance(Orders.ABSENT_AFTER.plusMinutes(1));

        awaitStatus(id, "failed");
        assertThat(upstream.count("orders_placed")).isZero();
    }

    @Test
    void ended_after_it_sent_it_finds_the_order_and_does_not_send_it_again() throws IOException {
        UUID id = left(OrderStatus.SUBMITTING);
        upstream.place(id);

        JsonNode order = awaitStatus(id, "submitted");

        assertThat(history(order)).startsWith("received", "approved", "submitting", "unknown", "submitted");
        assertThat(order.get("upstream_order_id").asText()).isNotEmpty();
        assertThat(upstream.count("orders_placed")).isOne();
    }

    @Test
    void ended_while_it_looked_for_it_goes_on_looking() throws IOException {
        UUID id = left(OrderStatus.SUBMITTING, OrderStatus.UNKNOWN);
        upstream.place(id);

        awaitStatus(id, "submitted");

        assertThat(upstream.count("orders_placed")).isOne();
    }

    @Test
    void ended_before_it_told_the_upstream_to_cancel_it_says_that_the_order_works_on() throws IOException {
        upstream.faults().on(Fault.NEVER_FILLED);
        UUID id = left(OrderStatus.SUBMITTING, OrderStatus.SUBMITTED, OrderStatus.CANCELLING);
        upstream.place(id);
        awaitStatus(id, "cancelling");
        await().atMost(SOON).until(() -> upstream.count("orders_list") > 0);

        time.advance(Orders.ABSENT_AFTER.plusMinutes(1));

        RunningGateway gateway = running.orElseThrow();
        await().atMost(SOON)
                .until(() -> gateway.get("/api/orders/" + id).raw().body().contains("may be cancelled again"));
        assertThat(upstream.count("orders_cancel")).isZero();
    }

    @Test
    void ended_after_it_told_the_upstream_to_cancel_it_finds_it_cancelled_and_does_not_tell_it_again()
            throws IOException {
        upstream.faults().on(Fault.NEVER_FILLED);
        UUID id = left(OrderStatus.SUBMITTING, OrderStatus.SUBMITTED, OrderStatus.CANCELLING);
        upstream.place(id);
        upstream.cancelNewest();

        awaitStatus(id, "cancelled");

        assertThat(upstream.count("orders_cancel")).isOne();
    }

    private static final OrderStatus[] REPLACING = {OrderStatus.SUBMITTING, OrderStatus.SUBMITTED, OrderStatus.REPLACING
    };

    private static Replacement replacement() {
        return new Replacement(
                UUID.randomUUID(), new Terms(BigDecimal.ONE, Optional.of(new BigDecimal("11"))), new BigDecimal("11"));
    }

    @Test
    void ended_before_it_told_the_upstream_to_replace_it_says_that_the_order_works_on_as_it_was() throws IOException {
        upstream.faults().on(Fault.NEVER_FILLED);
        upstream.place(UUID.randomUUID());
        UUID id = left(Optional.of(replacement()), REPLACING);
        awaitStatus(id, "replacing");
        await().atMost(SOON).until(() -> upstream.count("orders_get") > 0);

        time.advance(Orders.ABSENT_AFTER.plusMinutes(1));

        JsonNode order = awaitStatus(id, "working");
        assertThat(order.get("history").findValuesAsText("reason"))
                .anyMatch(reason -> reason.contains("may be replaced again"));
        assertThat(order.get("limit_price").asText()).isEqualTo("10");
        assertThat(upstream.count("orders_replace")).isZero();
    }

    @Test
    void ended_after_it_told_the_upstream_to_replace_it_finds_the_replacement_and_does_not_tell_it_again()
            throws IOException {
        upstream.faults().on(Fault.NEVER_FILLED);
        upstream.place(UUID.randomUUID());
        Replacement replacement = replacement();
        UUID id = left(Optional.of(replacement), REPLACING);
        upstream.replaceNewest(replacement.id(), "11");

        JsonNode order = awaitStatus(id, "working");

        assertThat(order.get("limit_price").asText()).isEqualTo("11");
        assertThat(order.get("upstream_order_id").asText()).isEqualTo(upstream.newest());
        assertThat(upstream.count("orders_replace")).isOne();
        assertThat(upstream.count("violation.order_sent_twice")).isZero();
    }

    @Test
    void ended_for_long_it_does_not_send_what_was_wanted_then() throws IOException {
        UUID id = left();
        time.advance(Orders.STALE_AFTER.plusSeconds(1));

        awaitStatus(id, "failed");

        assertThat(upstream.count("orders_placed")).isZero();
    }
}
