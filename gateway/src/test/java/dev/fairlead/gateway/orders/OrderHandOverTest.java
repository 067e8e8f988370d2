package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Alone;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders go on with whoever has the upstream, and with nobody else. */
class OrderHandOverTest {
    private static final String OTHER = "n1";
    private static final String NODE = "n2";
    private static final Settings SETTINGS =
            Settings.of("upstream.kind=simulator", "orders.enabled=true", "orders.confirm=never", "orders.mode=live");

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final TimeSource time = TimeSource.system();
    private final Upstream upstream = new Upstream();
    private final Rights rights = new Rights();

    @TempDir
    Path temp;

    private Database database;
    private String deployment;
    private OrderRepository repository;

    /** The right to the upstream, as the test gives and takes it. */
    private static final class Rights implements Ownership {
        private final List<Consumer<OwnershipChange>> listeners = new CopyOnWriteArrayList<>();
        private volatile boolean held;

        void give() {
            held = true;
            Fence right = fence(LeaseName.UPSTREAM).orElseThrow();
            listeners.forEach(one -> one.accept(new OwnershipChange.Gained(LeaseName.UPSTREAM, right)));
        }

        void take() {
            held = false;
            listeners.forEach(one -> one.accept(new OwnershipChange.Lost(LeaseName.UPSTREAM)));
        }

        @Override
        public String node() {
            return NODE;
        }

        @Override
        public boolean isAlone() {
            return false;
        }

        @Override
        public Optional<Fence> fence(LeaseName name) {
            return held ? Optional.of(new Fence(name.text(), NODE, 1)) : Optional.empty();
        }

        @Override
        public Optional<String> owner(LeaseName name) {
            return Optional.of(held ? NODE : OTHER);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(NODE, OTHER);
        }

        @Override
        public List<Fence> under(Collection<LeaseName> names) {
            if (!held) {
                throw new NotOwnerException(LeaseName.UPSTREAM, Optional.of(OTHER));
            }
            return List.of();
        }

        @Override
        public void listen(Consumer<OwnershipChange> listener) {
            listeners.add(listener);
        }
    }

    /** Takes every order, and has those that may have been sent to it before. */
    private static final class Upstream implements Brokerage {
        final List<UUID> submitted = new CopyOnWriteArrayList<>();
        final List<UUID> sought = new CopyOnWriteArrayList<>();

        @Override
        public Future<Submission> submit(Ticket ticket) {
            submitted.add(ticket.id());
            return Future.succeededFuture(new Placed("u-" + ticket.id(), "Live"));
        }

        @Override
        public Future<Optional<Submission>> find(UUID id, Instant since) {
            sought.add(id);
            return Future.succeededFuture(Optional.of(new Placed("u-" + id, "Live")));
        }

        @Override
        public Future<List<Optional<State>>> look(List<Sought> orders) {
            return Future.succeededFuture(
                    orders.stream().map(one -> Optional.<State>empty()).toList());
        }

        @Override
        public Future<Instruction> cancel(UUID key, String upstreamId) {
            return Future.succeededFuture(new Refused("not here"));
        }

        @Override
        public Future<Instruction> replace(Amendment amendment) {
            return Future.succeededFuture(new Refused("not here"));
        }

        @Override
        public Future<Optional<Successor>> successor(Amendment amendment, Instant since) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<List<Position>> positions() {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<Balance>> balances() {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Standing standing(String status) {
            return Standing.WORKING;
        }
    }

    @BeforeEach
    void open() throws Exception {
        database = done(Database.open(vertx, Settings.defaults().db(), DataFolder.open(temp.resolve("data"))));
        repository = new OrderRepository(
                database,
                Ledger.of(database, new VertxScheduler(vertx)),
                OrderMode.LIVE,
                Duration.ofMinutes(15),
                news -> {});
        bus.answer(
                TokenCommands.GetToken.class,
                asked -> Future.succeededFuture(new TokenCommands.Current(new TokenReport(
                        TokenState.VALID,
                        "simulator",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))));
        deploy(rights);
    }

    private void deploy(Ownership ownership) throws Exception {
        deployment = done(vertx.deployVerticle(new OrderVerticle(
                database,
                ownership,
                SETTINGS,
                Optional.of(upstream),
                time,
                new SimpleMeterRegistry(),
                NODE,
                () -> false,
                Traces.none())));
    }

    @AfterEach
    void close() throws Exception {
        done(vertx.undeploy(deployment));
        done(database.close());
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    /** As the other node left it. */
    private UUID left(String clientId, OrderStatus status) throws Exception {
        Transitions transitions = new Transitions(time, new SplittableRandom(), OTHER, OrderMode.LIVE);
        OrderIntake intake = new OrderIntake(SETTINGS.orders(), time, transitions, symbol -> Optional.empty());
        Order order = intake.judge(
                NewOrder.of(new OrderCommands.Submit(
                        Optional.of("agent-1"),
                        clientId,
                        "AAPL",
                        "buy_to_open",
                        BigDecimal.ONE,
                        "limit",
                        Optional.of(BigDecimal.TEN),
                        "")),
                Optional.of(BigDecimal.TEN));
        assertThat(done(repository.add(order))).isTrue();
        if (status != order.status()) {
            Order next = order.become(status, Optional.empty(), OTHER, UUID.randomUUID(), time.instant());
            assertThat(done(repository.change(order, next))).isTrue();
        }
        return order.id();
    }

    private OrderStatus status(UUID id) throws Exception {
        return done(repository.find(id)).orElseThrow().status();
    }

    @Test
    void what_the_last_one_sent_is_looked_up_and_what_it_did_not_is_sent_once() throws Exception {
        UUID approved = left("o-1", OrderStatus.APPROVED);
        UUID submitting = left("o-2", OrderStatus.SUBMITTING);
        rights.give();
        await().untilAsserted(() -> {
            assertThat(status(approved)).isEqualTo(OrderStatus.SUBMITTED);
            assertThat(status(submitting)).isEqualTo(OrderStatus.SUBMITTED);
        });
        assertThat(upstream.submitted).containsExactly(approved);
        assertThat(upstream.sought).contains(submitting).doesNotContain(approved);
    }

    @Test
    void a_gateway_alone_goes_on_with_what_one_of_another_data_folder_left() throws Exception {
        done(vertx.undeploy(deployment));
        UUID submitting = left("o-1", OrderStatus.SUBMITTING);
        deploy(new Alone(NODE));
        await().untilAsserted(() -> assertThat(status(submitting)).isEqualTo(OrderStatus.SUBMITTED));
        assertThat(upstream.sought).contains(submitting);
        assertThat(upstream.submitted).isEmpty();
    }

    @Test
    void who_has_lost_the_upstream_sends_nothing_more_until_it_is_given_it_again() throws Exception {
        rights.give();
        UUID first = left("o-1", OrderStatus.APPROVED);
        rights.give();
        await().until(() -> upstream.submitted.contains(first));
        rights.take();
        UUID second = left("o-2", OrderStatus.APPROVED);
        done(bus.request(new OrderCommands.Get(second.toString())));
        assertThat(upstream.submitted).containsExactly(first);
        assertThat(status(second)).isEqualTo(OrderStatus.APPROVED);
        rights.give();
        await().untilAsserted(() -> assertThat(status(second)).isEqualTo(OrderStatus.SUBMITTED));
        assertThat(upstream.submitted).containsExactly(first, second);
    }
}
