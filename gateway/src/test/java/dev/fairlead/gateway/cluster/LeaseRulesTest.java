package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.cluster.LeaseRules.Answer;
import dev.fairlead.gateway.cluster.LeaseRules.Plan;
import dev.fairlead.gateway.cluster.LeaseRules.Row;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of leases, with clocks that stand still until they are moved. */
class LeaseRulesTest {
    private static final Duration LEASE = Duration.ofSeconds(9);

    private final ManualTime time = new ManualTime();
    private final Table table = new Table();
    private final Node a = new Node("a");
    private final Node b = new Node("b");

    /** As the database keeps it, by a clock of its own. */
    private final class Table {
        private final Map<LeaseName, Row> rows = new TreeMap<>();
        private final Map<LeaseName, Long> ends = new HashMap<>();

        private Answer ask(Plan plan, String owner) {
            List<Fence> renewed = plan.renew().stream().filter(this::isHeld).toList();
            renewed.forEach(fence -> ends.put(name(fence), time.nanos() + LEASE.toNanos()));
            plan.handBack().stream().filter(this::isHeld).forEach(fence -> put(name(fence), "", fence.number()));
            List<Fence> taken = new ArrayList<>();
            for (LeaseName name : plan.take()) {
                Row row = rows.getOrDefault(name, new Row(name, "", 0, true));
                if (row.owner().isEmpty() || ends.get(name) <= time.nanos()) {
                    Fence fence = new Fence(name.text(), owner, row.fence() + 1);
                    put(name, fence.owner(), fence.number());
                    ends.put(name, time.nanos() + LEASE.toNanos());
                    taken.add(fence);
                }
            }
            return new Answer(renewed, taken, look());
        }

        private List<Row> look() {
            return rows.values().stream()
                    .map(row -> new Row(
                            row.name(), row.owner(), row.fence(), ends.getOrDefault(row.name(), 0L) <= time.nanos()))
                    .toList();
        }

        private boolean isHeld(Fence fence) {
            Row row = rows.get(name(fence));
            return row != null && row.owner().equals(fence.owner()) && row.fence() == fence.number();
        }

        private void put(LeaseName name, String owner, long fence) {
            rows.put(name, new Row(name, owner, fence, false));
        }

        private LeaseName name(Fence fence) {
            return new LeaseName(fence.name());
        }
    }

    private final class Node {
        private final String name;
        private final LeaseRules rules;
        private final List<OwnershipChange> changes = new ArrayList<>();

        Node(String name) {
            this.name = name;
            rules = new LeaseRules(name, LEASE);
        }

        /** One look, answered at once. */
        Node look() {
            Plan plan = rules.plan(time.nanos());
            changes.addAll(rules.answered(plan, table.ask(plan, name), time.nanos()));
            return this;
        }

        Node settle() {
            for (int i = 0; i < 4; i++) {
                look();
                time.advance(LeaseRules.HAND_OVER);
            }
            return this;
        }

        long shards() {
            return rules.held().keySet().stream().filter(LeaseName::isShard).count();
        }

        boolean owns(LeaseName name) {
            LeaseRules.Held held = rules.held().get(name);
            return held != null && held.until() - time.nanos() > 0;
        }
    }

    @Test
    void a_node_takes_its_name_and_then_all_that_nobody_has() {
        a.look();
        assertThat(a.rules.isThere()).isTrue();
        assertThat(a.shards()).isZero();
        a.look();
        assertThat(LeaseName.all()).allMatch(a::owns);
        assertThat(a.changes).hasSize(1 + LeaseName.SHARDS + 2).allMatch(OwnershipChange.Gained.class::isInstance);
    }

    @Test
    void two_share_the_shards_and_none_has_two_owners() {
        a.settle();
        b.look();
        for (int i = 0; i < 6; i++) {
            a.look();
            b.look();
            assertThat(LeaseName.all().filter(name -> a.owns(name) && b.owns(name)))
                    .isEmpty();
            time.advance(LeaseRules.HAND_OVER);
        }
        assertThat(a.shards()).isEqualTo(32);
        assertThat(b.shards()).isEqualTo(32);
        assertThat(a.owns(LeaseName.UPSTREAM)).isTrue();
        assertThat(a.rules.owners()).containsEntry(LeaseName.shard(63), "b");
        assertThat(a.rules.nodes()).isEqualTo(Set.of("a", "b"));
    }

    @Test
    void what_is_renewed_at_a_third_is_held_on() {
        a.settle();
        int gained = a.changes.size();
        for (int i = 0; i < 40; i++) {
            time.advance(LEASE.dividedBy(10));
            a.look();
            assertThat(LeaseName.all()).allMatch(a::owns);
        }
        assertThat(a.changes).hasSize(gained);
    }

    @Test
    void a_look_between_renewals_renews_nothing() {
        a.settle();
        assertThat(a.rules.plan(time.nanos()).renew()).isEmpty();
        time.advance(LEASE.dividedBy(3));
        assertThat(a.rules.plan(time.nanos()).renew()).hasSize(LeaseName.SHARDS + 3);
    }

    @Test
    void a_right_that_was_over_before_its_renewal_was_answered_is_lost_and_taken_anew() {
        a.settle();
        time.advance(LEASE.dividedBy(3));
        Plan late = a.rules.plan(time.nanos());
        Answer renewed = table.ask(late, "a");
        time.advance(LEASE.minus(LEASE.dividedBy(3))); // what acts under it has noticed by now
        assertThat(a.owns(LeaseName.UPSTREAM)).isFalse();
        assertThat(a.rules.answered(late, renewed, time.nanos()))
                .contains(new OwnershipChange.Lost(LeaseName.UPSTREAM));
        assertThat(a.rules.held()).isEmpty();
        time.advance(LEASE);
        assertThat(a.settle().owns(LeaseName.UPSTREAM)).isTrue();
    }

    @Test
    void an_owner_that_cannot_renew_stops_before_anybody_else_may_begin() {
        a.look().look();
        LeaseName upstream = LeaseName.UPSTREAM;
        b.look().look();
        time.advance(LEASE.minus(LEASE.dividedBy(10)).minusNanos(1));
        assertThat(a.owns(upstream)).isTrue();
        assertThat(b.look().look().owns(upstream)).isFalse();
        time.advance(Duration.ofNanos(1));
        assertThat(a.owns(upstream)).isFalse();
        assertThat(a.rules.expire(time.nanos())).contains(new OwnershipChange.Lost(upstream));
        assertThat(b.look().look().owns(upstream)).isFalse();
        time.advance(LEASE.dividedBy(10));
        assertThat(b.settle().owns(upstream)).isTrue();
    }

    @Test
    void what_was_renewed_counts_from_before_it_was_asked() {
        a.settle();
        time.advance(LEASE.dividedBy(3));
        Plan plan = a.rules.plan(time.nanos());
        Answer answer = table.ask(plan, "a");
        time.advance(LEASE.dividedBy(3));
        a.rules.answered(plan, answer, time.nanos());
        time.advance(LEASE.dividedBy(3).multipliedBy(2).minus(LEASE.dividedBy(10)));
        assertThat(a.owns(LeaseName.UPSTREAM)).isFalse();
    }

    @Test
    void an_answer_that_came_too_late_gives_nothing() {
        a.look();
        Plan plan = a.rules.plan(time.nanos());
        Answer answer = table.ask(plan, "a");
        time.advance(LEASE);
        a.rules.answered(plan, answer, time.nanos());
        assertThat(LeaseName.all()).noneMatch(a::owns);
        assertThat(a.rules.plan(time.nanos()).handBack()).hasSize(LeaseName.SHARDS + 3);
    }

    @Test
    void fences_rise_with_each_owner() {
        a.settle();
        long first = a.rules.held().get(LeaseName.JANITOR).fence().number();
        time.advance(LEASE);
        b.settle();
        long second = b.rules.held().get(LeaseName.JANITOR).fence().number();
        time.advance(LEASE);
        a.rules.expire(time.nanos());
        a.settle();
        assertThat(second).isGreaterThan(first);
        assertThat(a.rules.held().get(LeaseName.JANITOR).fence().number()).isGreaterThan(second);
    }

    @Test
    void an_owner_that_learns_that_it_was_followed_drops_it_and_hands_nothing_back() {
        a.settle();
        table.rows.replaceAll((name, row) -> new Row(name, "b", row.fence() + 1, false));
        time.advance(LEASE.dividedBy(3));
        a.changes.clear();
        a.look();
        assertThat(a.changes).hasSize(LeaseName.SHARDS + 3).allMatch(OwnershipChange.Lost.class::isInstance);
        assertThat(a.rules.plan(time.nanos()).handBack()).isEmpty();
    }

    @Test
    void who_leaves_loses_all_at_once_and_hands_it_back_when_commits_are_through() {
        a.settle();
        assertThat(a.rules.leave(time.nanos())).hasSize(LeaseName.SHARDS + 3);
        assertThat(LeaseName.all()).noneMatch(a::owns);
        assertThat(a.rules.plan(time.nanos()).handBack()).isEmpty();
        assertThat(a.rules.isGone()).isFalse();
        time.advance(LeaseRules.HAND_OVER);
        a.look();
        assertThat(a.rules.isGone()).isTrue();
        b.settle();
        assertThat(LeaseName.all()).allMatch(b::owns);
        assertThat(a.look().rules.held()).isEmpty();
    }

    @Test
    void a_second_node_of_one_name_is_not_let_in_while_the_first_is_there() {
        a.settle();
        Node twin = new Node("a");
        for (int i = 0; i < 30; i++) {
            time.advance(LEASE.dividedBy(3));
            a.look();
            twin.look();
            assertThat(twin.rules.held()).isEmpty();
        }
        assertThat(LeaseName.all()).allMatch(a::owns);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void over_outages_and_pauses_nothing_has_two_owners_and_fences_only_rise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Node> nodes = List.of(a, b, new Node("c"));
        Map<LeaseName, Long> highest = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            time.advance(Duration.ofMillis(random.nextInt(400)));
            for (Node node : nodes) {
                int what = random.nextInt(100);
                if (what == 0) {
                    time.advance(LEASE.multipliedBy(random.nextInt(1, 30)).dividedBy(10));
                } else if (what < 60) {
                    node.rules.expire(time.nanos());
                    Plan plan = node.rules.plan(time.nanos());
                    Answer answer = table.ask(plan, node.name);
                    if (random.nextInt(10) == 0) {
                        time.advance(Duration.ofMillis(random.nextInt(12_000)));
                    }
                    if (random.nextInt(10) > 0) {
                        node.rules.answered(plan, answer, time.nanos()).stream()
                                .filter(OwnershipChange.Gained.class::isInstance)
                                .map(OwnershipChange.Gained.class::cast)
                                .forEach(gained -> {
                                    long number = gained.fence().number();
                                    assertThat(highest.getOrDefault(gained.name(), 0L))
                                            .isLessThan(number);
                                    highest.put(gained.name(), number);
                                });
                    }
                }
            }
            Map<LeaseName, Long> owners = nodes.stream()
                    .flatMap(node -> node.rules.held().keySet().stream().filter(node::owns))
                    .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
            assertThat(owners.values()).allMatch(count -> count == 1);
        }
        for (int i = 0; i < 20; i++) {
            nodes.forEach(node -> {
                node.rules.expire(time.nanos());
                node.look();
            });
            time.advance(Duration.ofSeconds(1));
        }
        nodes.forEach(Node::look);
        assertThat(LeaseName.all()).allMatch(name -> nodes.stream().anyMatch(node -> node.owns(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2.999S", "PT0S", "PT-1S"})
    void a_lease_that_its_renewal_cannot_hold_is_refused(String lease) {
        assertThatThrownBy(() -> new LeaseRules("a", Duration.parse(lease))).hasMessageContaining("3 s");
    }

    @Test
    void recipients_are_spread_over_the_shards() {
        Map<Integer, Integer> count = new HashMap<>();
        for (int i = 0; i < 6_400; i++) {
            count.merge(LeaseName.shardOf("agent-" + i), 1, Integer::sum);
        }
        assertThat(count).hasSize(LeaseName.SHARDS);
        assertThat(count.values()).allMatch(messages -> messages > 50 && messages < 200);
    }

    @Test
    void a_shards_place_is_pinned_for_messages_are_kept_by_it() {
        assertThat(LeaseName.shardOf("b")).isEqualTo(6);
        assertThat(LeaseName.shardOf("")).isZero();
        assertThat(LeaseName.shardOf("trader-7")).isEqualTo(22);
    }
}
