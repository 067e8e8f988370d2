package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.orders.paper.PaperPosition;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of orders on every database. */
abstract class OrderRepositoryContract {
    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final Transitions transitions = new Transitions(time, new SplittableRandom(5), "node-1", OrderMode.LIVE);
    private final OrderIntake intake = new OrderIntake(
            Settings.of("upstream.kind=simulator", "orders.enabled=true", "orders.confirm=never")
                    .orders(),
            time,
            transitions,
            symbol -> Optional.empty());

    @TempDir
    Path temp;

    private Database database;
    private OrderRepository repository;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        repository = new OrderRepository(
                database,
                Ledger.of(database, new VertxScheduler(vertx)),
                OrderMode.LIVE,
                Duration.ofMinutes(15),
                news -> {});
        await(database.write(c -> c.update("DELETE FROM orders")
                + c.update("DELETE FROM order_events")
                + c.update("DELETE FROM paper_positions")));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    private Order approved(String clientId, Optional<BigDecimal> limit) {
        return intake.judge(
                NewOrder.of(new OrderCommands.Submit(
                        Optional.of("agent-1"),
                        clientId,
                        "AAPL",
                        "sell_to_open",
                        new BigDecimal("0.0000000001"),
                        limit.isPresent() ? "limit" : "market",
                        limit,
                        "")),
                Optional.of(new BigDecimal("12345.6789")));
    }

    private Order kept(String clientId) throws Exception {
        Order order = approved(clientId, Optional.of(new BigDecimal("99.95")));
        assertThat(await(repository.add(order))).isTrue();
        return order;
    }

    private Order become(Order order, OrderStatus status, Optional<String> why) {
        time.advance(Duration.ofSeconds(1));
        return order.become(status, why, "node-1", UUID.randomUUID(), time.instant());
    }

    @Test
    void what_was_kept_is_found_whole() throws Exception {
        Order limit = kept("o-1");
        Order market = approved("o-2", Optional.empty());
        await(repository.add(market));

        assertThat(await(repository.find(limit.id()))).contains(limit);
        assertThat(await(repository.find("agent:agent-1", "o-2"))).contains(market);
        assertThat(await(repository.find("operator", "o-2"))).isEmpty();
        assertThat(await(repository.find(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void a_clients_id_makes_one_order_however_many_ask_at_once() throws Exception {
        List<Future<Boolean>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(repository.add(approved("o-1", Optional.empty())));
        }
        int added = 0;
        for (Future<Boolean> one : asked) {
            added += await(one) ? 1 : 0;
        }
        assertThat(added).isOne();
        assertThat(await(repository.page(new OrderCommands.Page(Optional.empty(), 100, Optional.empty())))
                        .orders())
                .hasSize(1);
    }

    @Test
    void of_two_changes_of_the_same_order_one_is_kept_and_that_one_may_be_made_again() throws Exception {
        Order order = kept("o-1");
        Order first = become(order, OrderStatus.SUBMITTING, Optional.empty());
        Order second = become(order, OrderStatus.FAILED, Optional.of("late"));

        assertThat(await(repository.change(order, first))).isTrue();
        assertThat(await(repository.change(order, second))).isFalse();
        assertThat(await(repository.change(order, first))).isTrue();

        assertThat(await(repository.find(order.id()))).contains(first);
        assertThat(await(repository.history(order.id())))
                .extracting(OrderCommands.Step::status)
                .containsExactly(OrderStatus.RECEIVED, OrderStatus.APPROVED, OrderStatus.SUBMITTING);
    }

    @Test
    void only_what_a_node_has_in_hand_is_taken_up_by_it() throws Exception {
        Order approved = kept("o-1");
        Order sending = kept("o-2");
        Order submitted = kept("o-3");
        Order elsewhere = kept("o-4");
        Order sendingNow = become(sending, OrderStatus.SUBMITTING, Optional.empty());
        await(repository.change(sending, sendingNow));
        await(repository.change(
                submitted,
                become(submitted, OrderStatus.SUBMITTED, Optional.empty())
                        .known(submitted.upstream().called("77", "Live"))));
        await(repository.change(
                elsewhere,
                elsewhere.become(OrderStatus.UNKNOWN, Optional.empty(), "node-2", UUID.randomUUID(), time.instant())));

        assertThat(await(repository.inHand("node-1"))).containsExactly(approved, sendingNow);
        assertThat(await(repository.find(submitted.id())).orElseThrow().upstreamId())
                .contains("77");
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest_without_a_gap() throws Exception {
        for (int i = 1; i <= 5; i++) {
            kept("o-" + i);
        }
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            OrderCommands.OrderList page =
                    await(repository.page(new OrderCommands.Page(Optional.of(OrderStatus.APPROVED), 2, cursor)));
            page.orders().forEach(order -> seen.add(order.clientOrderId()));
            cursor = page.cursor();
        } while (cursor.isPresent());

        assertThat(seen).containsExactly("o-5", "o-4", "o-3", "o-2", "o-1");
        assertThat(await(repository.page(new OrderCommands.Page(Optional.of(OrderStatus.FAILED), 2, Optional.empty())))
                        .orders())
                .isEmpty();
    }

    private static OrderCommands.Page asking() {
        return new OrderCommands.Page(Optional.of(OrderStatus.NEEDS_CONFIRMATION), 10, Optional.empty());
    }

    @Test
    void a_replacement_is_kept_until_it_has_come_about_and_asks_a_person_until_it_is_let_out() throws Exception {
        Order working = become(kept("o-1"), OrderStatus.WORKING, Optional.empty());
        Replacement next = new Replacement(
                UUID.randomUUID(),
                new Terms(new BigDecimal("7"), Optional.of(new BigDecimal("1.05"))),
                new BigDecimal("7.35"));
        Order waiting = working.replacedBy(Optional.of(next));
        await(repository.change(await(repository.find(working.id())).orElseThrow(), waiting));
        assertThat(await(repository.waiting())).containsExactly(waiting);
        assertThat(await(repository.page(asking())).orders()).hasSize(1);

        Order replacing = become(waiting, OrderStatus.REPLACING, Optional.empty());
        await(repository.change(waiting, replacing));
        assertThat(await(repository.waiting())).isEmpty();
        assertThat(await(repository.inHand("node-1"))).containsExactly(replacing);

        Order replaced = become(replacing.replaced(replacing.upstream()), OrderStatus.WORKING, Optional.empty());
        await(repository.change(replacing, replaced));
        assertThat(await(repository.find(working.id()))).contains(replaced);
        assertThat(replaced.terms()).isEqualTo(next.terms());
        assertThat(replaced.asked()).isEqualTo(working.asked());
    }

    /** An order on paper that was kept while the gateway was on paper. */
    private Order onPaper(OrderRepository paper, String clientId) throws Exception {
        Transitions transitions = new Transitions(time, new SplittableRandom(6), "node-1", OrderMode.PAPER);
        Order order = transitions.to(
                transitions.received(
                        approved(clientId, Optional.of(new BigDecimal("99.95"))).asked()),
                OrderStatus.SUBMITTED,
                Optional.empty());
        assertThat(await(paper.add(order))).isTrue();
        return order;
    }

    @Test
    void a_fill_on_paper_is_booked_with_its_order_and_once() throws Exception {
        OrderRepository paper = new OrderRepository(
                database,
                Ledger.of(database, new VertxScheduler(vertx)),
                OrderMode.PAPER,
                Duration.ofMinutes(15),
                news -> {});
        Order order = onPaper(paper, "p-1");
        Order filled = become(order, OrderStatus.FILLED, Optional.empty())
                .known(new Order.AtUpstream(
                        order.id(),
                        Optional.of("paper-1"),
                        Optional.of("Filled"),
                        new BigDecimal("0.0000000001"),
                        Optional.of(new BigDecimal("100"))));

        assertThat(await(paper.change(order, filled))).isTrue();
        assertThat(await(paper.change(order, filled))).as("said again").isTrue();
        assertThat(await(paper.change(order, become(order, OrderStatus.CANCELLED, Optional.empty()))))
                .as("somebody else was slower")
                .isFalse();

        assertThat(await(paper.paperPositions()))
                .containsExactly(new PaperPosition(
                        "AAPL", new BigDecimal("-0.0000000001"), new BigDecimal("100"), BigDecimal.ZERO));
    }

    @Test
    void what_is_on_paper_is_not_looked_after_nor_counted_by_what_is_live_but_expires_there() throws Exception {
        OrderRepository paper = new OrderRepository(
                database,
                Ledger.of(database, new VertxScheduler(vertx)),
                OrderMode.PAPER,
                Duration.ofMinutes(15),
                news -> {});
        Order order = onPaper(paper, "p-1");
        Order sending = become(order, OrderStatus.SUBMITTING, Optional.empty());
        assertThat(await(paper.change(order, sending))).isTrue();

        assertThat(await(repository.inHand("node-1"))).isEmpty();
        assertThat(await(paper.inHand("node-1"))).containsExactly(sending);
        assertThat(await(repository.today(kept("o-1"), time.instant())).ownCount())
                .isZero();

        Order waits = become(sending, OrderStatus.NEEDS_CONFIRMATION, Optional.empty());
        assertThat(await(paper.change(sending, waits))).isTrue();
        assertThat(await(repository.waiting())).containsExactly(waits);
    }
}
