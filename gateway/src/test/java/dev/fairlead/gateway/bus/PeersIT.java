package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.cluster.Members;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.Nodes;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes on real sockets, each with a Vert.x of its own that is a member of a real cluster. */
class PeersIT {
    record Ask(String what) implements Request<Told> {}

    record AskOwner(String what, String lease) implements Request<Told>, Owned {}

    record Told(String what) {}

    sealed interface News extends Event {
        record Counted(int number) implements News {}
    }

    sealed interface HomeNews extends NodeEvent {
        record Counted(int number) implements HomeNews {}
    }

    private static final byte[] KEY = "a key of the fleet for its bus".getBytes(StandardCharsets.UTF_8);

    /** Of every node. */
    private static final long LIFE = 3;

    /** All that a fleet's leases would say, for all of its nodes. */
    private static final Map<String, String> OWNERS = new ConcurrentHashMap<>();

    private static final Set<String> THERE = ConcurrentHashMap.newKeySet();

    private static final List<Node> NODES = new ArrayList<>();

    private static final class Node {
        final String name;
        final Vertx vertx;
        final Bus bus;
        final MeterRegistry metrics = new SimpleMeterRegistry();
        final List<MessageConsumer<?>> consumers = new ArrayList<>();

        Node(String name, int port, String members, String fleet) throws Exception {
            this.name = name;
            this.vertx = Members.join(
                            Vertx.builder(),
                            new VertxOptions(),
                            Settings.of("cluster.port=" + port, "cluster.bus_port=0", "cluster.members=" + members)
                                    .cluster(),
                            fleet)
                    .await(60, TimeUnit.SECONDS);
            this.bus = Bus.install(vertx);
            THERE.add(name);
            bus.join(new Known(name), LIFE, KEY, TimeSource.system(), metrics).await(10, TimeUnit.SECONDS);
        }

        void answer(String with) {
            consumers.add(bus.answer(Ask.class, ask -> Future.succeededFuture(new Told(with + ask.what()))));
        }
    }

    private record Known(String node) implements Routes {
        @Override
        public Set<String> nodes() {
            return THERE;
        }

        @Override
        public OptionalLong life(String node) {
            return THERE.contains(node) ? OptionalLong.of(LIFE) : OptionalLong.empty();
        }

        @Override
        public Optional<String> owner(String lease) {
            return Optional.ofNullable(OWNERS.get(lease));
        }
    }

    private static Node n1;
    private static Node n2;
    private static Node n3;

    @BeforeAll
    static void join() throws Exception {
        List<Integer> ports = Nodes.freePorts(3);
        String members = Nodes.members(ports);
        String fleet = "fleet-" + UUID.randomUUID();
        for (int i = 0; i < ports.size(); i++) {
            NODES.add(new Node("n" + (i + 1), ports.get(i), members, fleet));
        }
        n1 = NODES.get(0);
        n2 = NODES.get(1);
        n3 = NODES.get(2);
    }

    @AfterAll
    static void leave() throws Exception {
        for (Node node : NODES) {
            node.bus.leave().await(10, TimeUnit.SECONDS);
            node.vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void allThere() {
        THERE.addAll(Set.of("n1", "n2", "n3"));
    }

    @AfterEach
    void forget() throws Exception {
        for (Node node : NODES) {
            for (var consumer : node.consumers) {
                consumer.unregister().await(10, TimeUnit.SECONDS);
            }
            node.consumers.clear();
        }
        OWNERS.clear();
    }

    @Test
    void a_request_reaches_the_node_it_is_for() throws Exception {
        NODES.forEach(node -> node.answer(node.name + " "));

        assertThat(get(n1.bus.requestOn("n2", new Ask("x")))).isEqualTo(new Told("n2 x"));
        assertThat(get(n1.bus.requestOn("n3", new Ask("x")))).isEqualTo(new Told("n3 x"));
        assertThat(get(n3.bus.requestOn("n1", new Ask("x")))).isEqualTo(new Told("n1 x"));
    }

    @Test
    void a_request_without_a_node_stays_on_its_own() throws Exception {
        NODES.forEach(node -> node.answer(node.name));

        for (int i = 0; i < 20; i++) {
            assertThat(get(n2.bus.request(new Ask("")))).isEqualTo(new Told("n2"));
        }
    }

    @Test
    void a_place_of_a_node_is_reached_from_any() throws Exception {
        n2.consumers.add(
                n2.bus.answerAt("n2/logs", Ask.class, ask -> Future.succeededFuture(new Told("logs" + ask.what()))));

        assertThat(get(n1.bus.requestAt("n2/logs", new Ask("!")))).isEqualTo(new Told("logs!"));
        assertThat(get(n2.bus.requestAt("n2/logs", new Ask("!")))).isEqualTo(new Told("logs!"));
    }

    @Test
    void what_is_owned_is_asked_of_its_owner() throws Exception {
        for (Node node : NODES) {
            node.consumers.add(
                    node.bus.answer(AskOwner.class, ask -> Future.succeededFuture(new Told(node.name + ask.what()))));
        }
        OWNERS.put("shard-07", "n3");

        assertThat(get(n1.bus.request(new AskOwner("?", "shard-07")))).isEqualTo(new Told("n3?"));
        OWNERS.put("shard-07", "n1");
        assertThat(get(n1.bus.request(new AskOwner("?", "shard-07")))).isEqualTo(new Told("n1?"));
        assertThat(get(n2.bus.request(new AskOwner("?", "shard-07")))).isEqualTo(new Told("n1?"));
        assertRefused(n1.bus.request(new AskOwner("?", "shard-08")), ErrorCode.STORAGE_UNAVAILABLE, "shard-08");
    }

    @Test
    void a_refusal_comes_back_whole() {
        n2.consumers.add(n2.bus.answer(
                Ask.class,
                ask -> Future.failedFuture(new FairleadException(ErrorCode.STALE_LEASE, "Too late for that"))));

        assertRefused(n1.bus.requestOn("n2", new Ask("")), ErrorCode.STALE_LEASE, "Too late for that");
    }

    @Test
    void nobody_who_answers_there_is_told_at_once() {
        assertRefused(n1.bus.requestOn("n2", new Ask("")), ErrorCode.SHUTTING_DOWN, "starting or stopping");
    }

    @Test
    void a_node_that_is_not_there_is_not_asked() {
        assertRefused(n1.bus.requestOn("n9", new Ask("")), ErrorCode.SHUTTING_DOWN, "n9 is away");
    }

    @Test
    void a_node_that_no_member_has_is_told_at_once_though_its_lease_lasts() {
        THERE.add("n9");

        assertRefused(n1.bus.requestOn("n9", new Ask("")), ErrorCode.SHUTTING_DOWN, "n9 is away");
        THERE.remove("n9");
    }

    @Test
    void what_takes_longer_than_the_silence_is_waited_for() throws Exception {
        n2.consumers.add(n2.bus.answer(Ask.class, ask -> n2.vertx
                .timer(Peers.SILENCE.toMillis() * 3 / 2, TimeUnit.MILLISECONDS)
                .map(done -> new Told("done"))));

        assertThat(get(n1.bus.requestOn("n2", new Ask("")))).isEqualTo(new Told("done"));
    }

    @Test
    void what_is_never_answered_ends_with_its_timeout() {
        n2.consumers.add(n2.bus.answer(Ask.class, ask -> Promise.<Told>promise().future()));

        assertRefused(n1.bus.requestOn("n2", new Ask(""), Duration.ofMillis(300)), ErrorCode.TIMEOUT, "");
    }

    @Test
    void an_answer_comes_on_the_context_that_asked() throws Exception {
        n2.answer("");
        Promise<Boolean> same = Promise.promise();
        Context context = n1.vertx.getOrCreateContext();
        context.runOnContext(turn -> n1.bus
                .requestOn("n2", new Ask(""))
                .onComplete(done -> same.complete(Vertx.currentContext() == context)));

        assertThat(get(same.future())).isTrue();
    }

    @Test
    void news_reaches_every_node_once_and_in_order() {
        Map<String, List<Integer>> heard = new HashMap<>();
        for (Node node : NODES) {
            List<Integer> numbers = new CopyOnWriteArrayList<>();
            heard.put(node.name, numbers);
            node.consumers.add(node.bus.subscribe(News.class, news -> numbers.add(((News.Counted) news).number())));
        }
        List<Integer> told = IntStream.range(0, 2000).boxed().toList();
        told.forEach(number -> n1.bus.publish(News.class, new News.Counted(number)));

        heard.values().forEach(numbers -> await().untilAsserted(
                        () -> assertThat(numbers).isEqualTo(told)));
    }

    @Test
    void news_of_a_node_stays_there() {
        List<String> heard = new CopyOnWriteArrayList<>();
        for (Node node : NODES) {
            node.consumers.add(node.bus.subscribe(HomeNews.class, news -> heard.add(node.name)));
            node.consumers.add(node.bus.subscribe(News.class, news -> heard.add("after " + node.name)));
        }
        n1.bus.publish(HomeNews.class, new HomeNews.Counted(1));
        n1.bus.publish(News.class, new News.Counted(1));

        await().until(() -> heard.containsAll(List.of("after n1", "after n2", "after n3")));
        assertThat(heard).containsOnlyOnce("n1").doesNotContain("n2", "n3");
    }

    @Test
    void news_for_a_place_reaches_the_node_that_is_of() {
        List<String> heard = new CopyOnWriteArrayList<>();
        for (Node node : NODES) {
            node.consumers.add(node.bus.subscribeAt("n3/edge-1", News.class, news -> heard.add(node.name)));
        }
        n1.bus.publishAt("n3/edge-1", News.class, new News.Counted(1));
        n3.bus.publishAt("n3/edge-1", News.class, new News.Counted(2));

        await().until(() -> heard.size() == 2);
        assertThat(heard).containsExactly("n3", "n3");
    }

    @Test
    void what_its_asker_has_given_up_is_not_begun() {
        List<String> begun = answers();
        long clock = 5;
        write("n8", 1, 1, clock, "in time");
        write("n8", 1, 2, clock - Peers.SILENCE.toNanos() - 1, "late");
        write("n8", 1, 3, clock, "the next");

        await().until(() -> begun.contains("the next"));
        assertThat(begun).containsExactly("in time", "the next");
    }

    @Test
    void what_was_lost_on_the_way_is_noticed() {
        List<PeerEvent> heard = new CopyOnWriteArrayList<>();
        n2.consumers.add(n2.bus.subscribeAt("n2", PeerEvent.class, event -> {
            if (event.node().equals("n7")) {
                heard.add(event);
            }
        }));
        write("n7", 4, 10, 0, "");
        write("n7", 4, 11, 0, "");
        write("n7", 4, 15, 0, "");

        await().until(() -> heard.size() == 2);
        assertThat(heard).containsExactly(new PeerEvent.Began("n7", 4), new PeerEvent.Missed("n7", 3));
    }

    @Test
    void what_was_not_written_with_the_key_of_the_fleet_is_dropped_and_counted() {
        List<String> begun = answers();
        double before = refused("forged");
        byte[] another = "a key of another fleet".getBytes(StandardCharsets.UTF_8);
        send(new EnvelopeSeal(another).seal("n2", request("n6", 1, 1, "with another key")));
        send(request("n6", 1, 2, "without a seal"));
        send(new EnvelopeSeal(KEY).seal("n3", request("n6", 1, 3, "written to n3")));
        Buffer altered = new EnvelopeSeal(KEY).seal("n2", request("n6", 1, 4, "altered"));
        send(altered.setByte(altered.length() - EnvelopeSeal.BYTES - 3, (byte) 'X'));
        send(Buffer.buffer());
        n1.vertx.eventBus().send("fairlead.v1.n2", "a text");
        n1.vertx.eventBus().send("fairlead.v1.n2", new Ask("a record"));
        write("n6", 1, 5, 0, "sealed");

        await().until(() -> begun.contains("sealed"));
        assertThat(begun).containsExactly("sealed");
        assertThat(refused("forged") - before).isEqualTo(7);
    }

    @Test
    void what_is_said_again_is_dropped_and_counted() {
        List<String> begun = answers();
        double replayed = refused("replayed");
        double outdated = refused("outdated");
        Buffer once = new EnvelopeSeal(KEY).seal("n2", request("n5", 2, 1, "once"));
        send(once.copy());
        send(once.copy());
        write("n5", 1, 7, 0, "an earlier life");
        send(new EnvelopeSeal(KEY).seal("n2", draft("to an earlier one").encode("n5", 2, LIFE - 1, 2, 0)));
        write("n5", 2, 3, 0, "the next");

        await().until(() -> begun.contains("the next"));
        assertThat(begun).containsExactly("once", "the next");
        assertThat(refused("replayed") - replayed).isOne();
        assertThat(refused("outdated") - outdated).isEqualTo(2);
    }

    private static List<String> answers() {
        List<String> begun = new CopyOnWriteArrayList<>();
        n2.consumers.add(n2.bus.answer(Ask.class, ask -> {
            begun.add(ask.what());
            return Future.succeededFuture(new Told(""));
        }));
        return begun;
    }

    private static double refused(String why) {
        return n2.metrics
                .get("fairlead.cluster.refused.envelopes")
                .tag("why", why)
                .counter()
                .count();
    }

    /** As a node of that name would. */
    private static void write(String sender, long epoch, long sequence, long sent, String what) {
        send(new EnvelopeSeal(KEY).seal("n2", draft(what).encode(sender, epoch, LIFE, sequence, sent)));
    }

    private static Buffer request(String sender, long epoch, long sequence, String what) {
        return draft(what).encode(sender, epoch, LIFE, sequence, 0);
    }

    private static Envelope.Draft draft(String what) {
        Buffer body = Buffer.buffer();
        new RecordCodec().encodeToWire(body, new Ask(what));
        return new Envelope.Draft(Envelope.Kind.REQUEST, 30_000, 1, "bus.PeersIT$Ask", body);
    }

    private static void send(Buffer wire) {
        n1.vertx.eventBus().send("fairlead.v1.n2", wire);
    }

    private static void assertRefused(Future<?> asked, ErrorCode code, String text) {
        assertThatThrownBy(() -> get(asked)).isInstanceOfSatisfying(FairleadException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.getMessage()).contains(text);
        });
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
