package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a concern may count on, whether its node is alone or one of several. */
abstract class OwnershipContract {
    static final Duration SOON = Duration.ofSeconds(5);

    /** The one node there is so far, named {@code n1}. */
    abstract Ownership first();

    abstract Database database();

    @Test
    void the_only_node_owns_everything() {
        Ownership n1 = first();
        await().atMost(SOON).until(() -> LeaseName.all()
                .allMatch(name -> n1.fence(name).isPresent() && n1.owner(name).equals(Optional.of("n1"))));
        assertThat(n1.node()).isEqualTo("n1");
        assertThat(n1.nodes()).containsExactly("n1");
        assertThat(n1.fence(LeaseName.UPSTREAM)).hasValueSatisfying(fence -> {
            assertThat(fence.name()).isEqualTo("upstream");
            assertThat(fence.owner()).isEqualTo("n1");
        });
    }

    @Test
    void a_fence_stays_the_same_while_its_owner_does() {
        Ownership n1 = first();
        Map<LeaseName, Fence> fences = all(n1);
        await().pollDelay(Duration.ofMillis(1_200)).atMost(SOON).untilAsserted(() -> assertThat(all(n1))
                .isEqualTo(fences));
    }

    @Test
    void who_listens_is_told_what_is_owned_already_and_what_comes() {
        Map<LeaseName, Fence> heard = new ConcurrentHashMap<>();
        Ownership n1 = first();
        n1.listen(change -> {
            if (change instanceof OwnershipChange.Gained gained) {
                heard.put(gained.name(), gained.fence());
            } else {
                heard.remove(change.name());
            }
        });
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsAllEntriesOf(all(n1)));
    }

    @Test
    void an_owner_commits() throws Exception {
        Ownership n1 = first();
        all(n1);
        List<Fence> under = n1.under(List.of(LeaseName.shard(7), LeaseName.UPSTREAM, LeaseName.shard(7)));
        assertThat(database()
                        .write(under, c -> c.queryOne("SELECT 1 AS one", row -> row.integer("one")))
                        .await())
                .contains(1);
    }

    /** Once all is owned. */
    static Map<LeaseName, Fence> all(Ownership node) {
        await().atMost(SOON)
                .until(() -> LeaseName.all().allMatch(name -> node.fence(name).isPresent()));
        return LeaseName.all()
                .collect(Collectors.toMap(name -> name, name -> node.fence(name).orElseThrow()));
    }
}
