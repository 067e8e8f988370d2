package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.FleetHistory;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that share the messages of one database, under load, while shards go from one to the other. */
class MessageShardsIT {
    private static final int AGENTS = 24;
    private static final int SENDERS = 12;
    private static final Duration LOAD = Duration.ofSeconds(8);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("seed", 1));
    private final FleetHistory history = new FleetHistory();
    private final List<FleetNode> nodes = new ArrayList<>();
    private final AtomicBoolean answering = new AtomicBoolean(true);
    private final AtomicBoolean over = new AtomicBoolean();
    private boolean faulty;
    private final List<Exception> refused = new CopyOnWriteArrayList<>(); // for good, of senders

    @AfterEach
    void end() throws Exception {
        over.set(true);
        for (FleetNode node : nodes) {
            try {
                node.close();
            } catch (IllegalStateException e) {
                if (!faulty) { // what was made to go wrong may end so, too
                    throw e;
                }
            }
        }
        postgres.server().execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
    }

    private FleetNode join(String name, UnaryOperator<Ownership> ownership) throws Exception {
        FleetNode node = new FleetNode(name, postgres.server().settings(), temp, this::deliver, ownership);
        nodes.add(node);
        for (int agent = 0; agent < AGENTS; agent++) {
            node.connect("a" + agent, agent, 1);
        }
        return node;
    }

    // ---- agents

    private void deliver(FleetNode from, ConnectionCommand command) {
        if (command instanceof ConnectionCommand.Deliver deliver) {
            for (ConnectionCommand.Envelope envelope : deliver.envelopes()) {
                JsonNode data = envelope.data().as(JsonNode.class);
                String agent = "a" + envelope.connectionId();
                String id = data.get("message_id").textValue();
                int attempt = data.get("attempt").intValue();
                history.delivered(
                        data.get("from").textValue() + ">" + agent,
                        data.get("payload").get("n").longValue(),
                        id,
                        attempt);
                if (answering.get()) {
                    acknowledge(from, agent, id, attempt);
                }
            }
        }
    }

    private void acknowledge(FleetNode at, String agent, String id, int attempt) {
        owner(agent)
                .bus
                .request(new MessageCommands.Settle(
                        MessageCommands.LeaseAction.ACKNOWLEDGE, agent, 1, id, attempt, Optional.empty()))
                .onSuccess(settled -> history.acknowledged(id, attempt))
                .onFailure(failure -> {
                    if (isLater(failure) && !over.get()) {
                        at.vertx.setTimer(20, timer -> acknowledge(at, agent, id, attempt));
                    }
                });
    }

    private static boolean isLater(Throwable failure) {
        return failure instanceof FairleadException refusal
                && Set.of(ErrorCode.STORAGE_UNAVAILABLE, ErrorCode.TIMEOUT, ErrorCode.OUTCOME_UNKNOWN)
                        .contains(refusal.code());
    }

    /** Whoever says that it is; a node that stood still may say so too. */
    private FleetNode owner(String recipient) {
        List<FleetNode> claiming =
                nodes.stream().filter(node -> node.claims(recipient)).toList();
        List<FleetNode> some = claiming.isEmpty() ? nodes : claiming;
        return some.get((int) (TimeSource.system().nanos() / 1_000 % some.size()));
    }

    // ---- senders

    private void send(String from, CountDownLatch done) {
        Thread sender = new Thread(() -> {
            long[] numbers = new long[AGENTS];
            long until = TimeSource.system().nanos() + LOAD.toNanos();
            int next = from.hashCode() & 0xff;
            try {
                while (TimeSource.system().nanos() < until && !over.get()) {
                    int to = next++ % AGENTS;
                    String agent = "a" + to;
                    long number = ++numbers[to];
                    accepted(from, agent, number).ifPresent(id -> history.accepted(from + ">" + agent, number, id));
                }
            } catch (IllegalStateException e) {
                refused.add(e);
            } finally {
                done.countDown();
            }
        });
        sender.setDaemon(true);
        sender.start();
    }

    /** As a client does: the same again, with its key, until there is an answer. */
    private Optional<String> accepted(String from, String to, long number) {
        while (!over.get()) {
            try {
                return Optional.of(FleetNode.await(owner(to)
                                .bus
                                .request(new MessageCommands.Send(
                                        from,
                                        to,
                                        "test",
                                        RawJson.ofText("{\"n\":" + number + "}"),
                                        Optional.empty(),
                                        Optional.of(to + "/" + number),
                                        Optional.empty(),
                                        Optional.empty())))
                        .messageId());
            } catch (Exception e) {
                if (!isLater(e)) {
                    throw new IllegalStateException(e);
                }
                pause(10);
            }
        }
        return Optional.empty();
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what goes wrong

    /** Leases that are over without their owner's knowing: it stood still, or is cut off. */
    private void steal(String where) throws Exception {
        postgres.server()
                .execute("UPDATE leases SET owner = 'nobody', fence = fence + 1,"
                        + " ends_at = clock_timestamp() - INTERVAL '1 second' WHERE " + where);
    }

    private void disturb() throws Exception {
        FleetNode node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(3)) {
            case 0 -> {
                for (int i = 0; i < 6; i++) {
                    steal("name = '" + LeaseName.shard(random.nextInt(LeaseName.SHARDS)) + "'");
                }
            }
            case 1 -> steal("owner = '" + node.leases.node() + "'");
            default -> node.time.advance(FleetNode.LEASE);
        }
    }

    private void load() throws Exception {
        CountDownLatch sent = new CountDownLatch(SENDERS);
        for (int i = 0; i < SENDERS; i++) {
            send("s" + i, sent);
        }
        while (!sent.await(600 + random.nextInt(1_200), TimeUnit.MILLISECONDS)) {
            disturb();
        }
    }

    private void allIsWell() throws Exception {
        assertThat(refused).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(history.missing()).isEmpty());
        assertThat(history.violations()).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(this::everyNodeListsAll); // what others keep is a second old
    }

    private void everyNodeListsAll() throws Exception {
        List<MessageCommands.MessageSummary> all = nodes.get(0).list();
        assertThat(all).hasSize(history.accepted());
        assertThat(all).allMatch(message -> message.status() == MessageEvent.Kind.ACKNOWLEDGED);
        assertThat(nodes.get(1).list())
                .extracting(MessageCommands.MessageSummary::messageId)
                .containsExactlyElementsOf(all.stream()
                        .map(MessageCommands.MessageSummary::messageId)
                        .toList());
    }

    @Test
    void nothing_is_lost_nor_settled_twice_while_shards_go_from_node_to_node() throws Exception {
        join("n1", leases -> leases);
        join("n2", leases -> leases);
        load();
        allIsWell();
        assertThat(history.accepted()).isGreaterThan(SENDERS * AGENTS);
    }

    @Test
    void a_lease_goes_on_with_its_attempt_where_the_agent_stays_connected() throws Exception {
        FleetNode n1 = join("n1", leases -> leases);
        FleetNode n2 = join("n2", leases -> leases);
        answering.set(false);
        String id = accepted("s", "a1", 1).orElseThrow();
        await().until(() -> history.attempts(id).equals(List.of(1)));
        FleetNode before = n1.claims("a1") ? n1 : n2;
        before.time.advance(FleetNode.LEASE);
        await().until(() -> history.attempts(id).equals(List.of(1, 1)));
        answering.set(true);
        acknowledge(n1, "a1", id, 1);
        await().untilAsserted(() -> assertThat(history.missing()).isEmpty());
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void an_owner_that_does_not_know_it_is_one_no_more_takes_nothing() throws Exception {
        FleetNode n1 = join("n1", leases -> leases);
        await().until(() -> n1.claims("a1"));
        answering.set(false);
        String id = accepted("s", "a1", 1).orElseThrow();
        await().until(() -> history.attempts(id).equals(List.of(1)));
        steal("name = '" + LeaseName.shard(LeaseName.shardOf("a1")) + "'");
        assertThatThrownBy(() -> FleetNode.await(n1.bus.request(new MessageCommands.Settle(
                        MessageCommands.LeaseAction.ACKNOWLEDGE, "a1", 1, id, 1, Optional.empty()))))
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
        String other = agentOfAnotherShard("a1");
        assertThat(accepted("s", other, 1)).as("the other shards go on").isPresent();
        assertThat(n1.list())
                .filteredOn(message -> message.messageId().equals(id))
                .hasSize(1)
                .noneMatch(message -> message.status() == MessageEvent.Kind.ACKNOWLEDGED);
    }

    private static String agentOfAnotherShard(String agent) {
        return IntStream.range(0, AGENTS)
                .mapToObj(number -> "a" + number)
                .filter(other -> LeaseName.shardOf(other) != LeaseName.shardOf(agent))
                .findFirst()
                .orElseThrow();
    }

    // ---- planted faults: each is seen

    /** Commits without the fence, and never hears that a lease is lost. */
    private record Blind(Ownership leases) implements Ownership {
        @Override
        public String node() {
            return leases.node();
        }

        @Override
        public boolean isAlone() {
            return false;
        }

        @Override
        public Optional<Fence> fence(LeaseName name) {
            return leases.fence(name);
        }

        @Override
        public Optional<String> owner(LeaseName name) {
            return leases.owner(name);
        }

        @Override
        public Set<String> nodes() {
            return leases.nodes();
        }

        @Override
        public List<Fence> under(Collection<LeaseName> names) {
            return List.of();
        }

        @Override
        public List<Fence> under(Fence right) {
            return List.of();
        }

        @Override
        public void listen(Consumer<OwnershipChange> listener) {
            leases.listen(change -> {
                if (change instanceof OwnershipChange.Gained) {
                    listener.accept(change);
                }
            });
        }
    }

    @Test
    void nodes_that_ignore_the_fence_are_seen() throws Exception {
        faulty = true;
        join("n1", Blind::new);
        join("n2", Blind::new);
        load();
        pause(5_000); // what another settled long ago comes again
        // Where both write the same row, the table refuses one of them, and its sender.
        assertThat(refused.isEmpty() && history.violations().isEmpty()).isFalse();
    }

    @Test
    void a_row_that_is_not_restored_is_seen() throws Exception {
        join("n1", leases -> leases);
        FleetNode n2 = join("n2", leases -> leases);
        answering.set(false);
        for (int agent = 0; agent < AGENTS; agent++) {
            history.accepted("s>a" + agent, 1, accepted("s", "a" + agent, 1).orElseThrow());
        }
        postgres.server()
                .execute("DELETE FROM message_journal WHERE number = (SELECT MAX(j.number)"
                        + " FROM message_journal j)");
        answering.set(true);
        steal("owner <> ''");
        await().until(() -> history.missing().size() == 1);
        pause(3_000);
        assertThat(history.missing()).hasSize(1);
        assertThat(n2.list()).hasSize(AGENTS - 1);
    }
}
