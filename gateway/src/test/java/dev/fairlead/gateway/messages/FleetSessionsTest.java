package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.store.Fence;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node knows of the connections of others. */
class FleetSessionsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final Set<String> nodes = ConcurrentHashMap.newKeySet();

    private final Ownership ownership = new Ownership() {
        @Override
        public String node() {
            return "n1";
        }

        @Override
        public boolean isAlone() {
            return false;
        }

        @Override
        public Optional<Fence> fence(LeaseName name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> owner(LeaseName name) {
            return Optional.empty();
        }

        @Override
        public Set<String> nodes() {
            return nodes;
        }

        @Override
        public List<Fence> under(Collection<LeaseName> names) {
            return List.of();
        }

        @Override
        public void listen(Consumer<OwnershipChange> listener) {
            // nothing is ever owned here
        }
    };

    private final OwnedShards shards = new OwnedShards(ownership, (shard, right, lost) -> {
        throw new AssertionError("nothing is owned");
    });
    private final FleetSessions sessions = new FleetSessions(bus, ownership, shards);

    @AfterEach
    void close() throws Exception {
        vertx.close().await();
    }

    private void answer(MessageCommands.AgentSession... all) {
        bus.answer(
                MessageCommands.ListSessions.class,
                asked -> Future.succeededFuture(new MessageCommands.Sessions(List.of(all))));
    }

    @Test
    void who_was_connected_before_is_asked_for_and_who_is_not_any_more_is_dropped() {
        answer(new MessageCommands.AgentSession("a", "n2/edge-1", 7, 3));
        shards.connected("b", new Batch.Session("n2/edge-1", 8, 4));
        nodes.addAll(List.of("n1", "n2"));
        sessions.look();
        await().untilAsserted(() ->
                assertThat(shards.sessions("n2")).containsOnly(Map.entry("a", new Batch.Session("n2/edge-1", 7, 3))));
    }

    @Test
    void who_has_come_here_since_stays() {
        answer(new MessageCommands.AgentSession("a", "n2/edge-1", 7, 3));
        shards.connected("a", new Batch.Session("n1/edge-1", 1, 4));
        shards.connected("b", new Batch.Session("n2/edge-1", 8, 1));
        nodes.add("n2");
        sessions.look();
        await().until(() -> shards.sessions("n2").isEmpty());
        assertThat(shards.sessions("n1")).containsKey("a");
    }

    @Test
    void a_node_that_is_away_has_nobody_connected_and_is_asked_again_when_it_is_back() {
        answer(new MessageCommands.AgentSession("a", "n2/edge-1", 7, 3));
        nodes.add("n2");
        sessions.look();
        await().until(() -> shards.sessions("n2").containsKey("a"));
        nodes.remove("n2");
        sessions.look();
        assertThat(shards.sessions("n2")).isEmpty();
        nodes.add("n2");
        sessions.look();
        await().until(() -> shards.sessions("n2").containsKey("a"));
    }
}
