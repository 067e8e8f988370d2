package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * When a node takes, renews and lets go of leases. What the table says is judged by the clock of the database; what
 * this node holds it holds for as long as its own monotonic clock says, counted from before it asked, and a tenth less.
 * Takes the time and what the table said; tells what to ask it next. Plain state, confined to one thread.
 */
@StateMachine
final class LeaseRules {
    /** What a third of it, the time between renewals, must leave room for: a slow answer, a collection of garbage. */
    static final Duration SHORTEST = Settings.Cluster.SHORTEST_LEASE;

    /** Commits under way are let through before a lease is handed over; it is lost to new ones at once. */
    static final Duration HAND_OVER = Duration.ofMillis(200);

    /** In the length of a lease. */
    static final int RENEWALS = 3;

    private static final int MARGIN = 10;

    /**
     * What to ask the table.
     *
     * @param at nanoseconds of the monotonic clock when that was decided, which is before it is asked
     */
    record Plan(long at, List<Fence> renew, List<Fence> handBack, List<LeaseName> take) {
        Plan {
            renew = List.copyOf(renew);
            handBack = List.copyOf(handBack);
            take = List.copyOf(take);
        }
    }

    /**
     * A row of the table.
     *
     * @param owner empty where it was handed back
     * @param ended by the clock of the database
     */
    record Row(LeaseName name, String owner, long fence, boolean ended) {
        boolean isFree() {
            return ended || owner.isEmpty();
        }
    }

    /** What the table said to a plan, and how it is since. */
    record Answer(List<Fence> renewed, List<Fence> taken, List<Row> rows) {
        Answer {
            renewed = List.copyOf(renewed);
            taken = List.copyOf(taken);
            rows = List.copyOf(rows);
        }
    }

    /** @param until nanoseconds of the monotonic clock up to which this node may act under it */
    record Held(Fence fence, long until) {}

    private record Leaving(Fence fence, long since) {}

    private final LeaseName self;
    private final Duration lease;
    private final NavigableMap<LeaseName, Held> held = new TreeMap<>();
    private final Map<LeaseName, Leaving> leaving = new TreeMap<>();
    private Map<LeaseName, Row> rows = Map.of();
    private boolean looked;
    private boolean going;
    private long renewedAt;

    /**
     * Holds nothing yet.
     *
     * @param node this node's name
     * @param lease at least {@link #SHORTEST}
     */
    LeaseRules(String node, Duration lease) {
        if (lease.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("A lease of " + lease.toMillis() + " ms cannot be renewed in time; the"
                    + " shortest is " + SHORTEST.toSeconds() + " s");
        }
        this.self = LeaseName.node(node);
        this.lease = lease;
    }

    /** What to ask the table now. */
    Plan plan(long now) {
        List<Fence> back = leaving.values().stream()
                .filter(one -> now - one.since() >= HAND_OVER.toNanos())
                .map(Leaving::fence)
                .toList();
        return new Plan(now, due(now), back, wanted());
    }

    /** What the table said; gives what that changes, in order. */
    List<OwnershipChange> answered(Plan plan, Answer answer, long now) {
        // What is over is over, though it was renewed at last: what acted under it may have noticed already.
        List<OwnershipChange> changes = new ArrayList<>(expire(now));
        plan.handBack().forEach(fence -> leaving.remove(new LeaseName(fence.name())));
        if (!plan.renew().isEmpty()) {
            renewedAt = plan.at();
            plan.renew().forEach(fence -> renewed(plan, fence, answer.renewed().contains(fence), changes));
        }
        answer.taken().forEach(fence -> taken(plan, fence, now, changes));
        Map<LeaseName, Row> seen = new HashMap<>();
        answer.rows().forEach(row -> seen.put(row.name(), row));
        rows = Map.copyOf(seen);
        looked = true;
        changes.addAll(expire(now));
        surplus().forEach(name -> lose(name, now, changes));
        return changes;
    }

    /** What is over by the clock of this node alone, answer or not. */
    List<OwnershipChange> expire(long now) {
        List<OwnershipChange> changes = new ArrayList<>();
        List.copyOf(held.entrySet()).stream()
                .filter(one -> one.getValue().until() - now <= 0)
                .forEach(one -> lose(one.getKey(), now - HAND_OVER.toNanos(), changes));
        return changes;
    }

    /** Hands over all it has, and takes nothing any more. */
    List<OwnershipChange> leave(long now) {
        going = true;
        List<OwnershipChange> changes = new ArrayList<>();
        List.copyOf(held.keySet()).forEach(name -> lose(name, now, changes));
        return changes;
    }

    /** Whether all has been handed back, after {@link #leave}. */
    boolean isGone() {
        return going && held.isEmpty() && leaving.isEmpty();
    }

    /** Whether this node is one of the fleet: it holds its own name. */
    boolean isThere() {
        return held.containsKey(self);
    }

    Map<LeaseName, Held> held() {
        return Map.copyOf(held);
    }

    /** By what they own. */
    Map<LeaseName, String> owners() {
        Map<LeaseName, String> owners = new HashMap<>();
        rows.values().stream().filter(row -> !row.isFree()).forEach(row -> owners.put(row.name(), row.owner()));
        held.forEach((name, one) -> owners.put(name, one.fence().owner()));
        return Map.copyOf(owners);
    }

    Set<String> nodes() {
        return lives().keySet();
    }

    /** The nodes that are there, in the order of their names, with the fences of these. */
    SortedMap<String, Long> lives() {
        SortedMap<String, Long> lives = new TreeMap<>();
        rows.values().stream()
                .filter(row -> row.name().isNode() && !row.isFree())
                .forEach(row -> lives.put(row.name().node(), row.fence()));
        if (isThere()) {
            lives.put(self.node(), held.get(self).fence().number());
        }
        return Collections.unmodifiableSortedMap(lives);
    }

    private List<Fence> due(long now) {
        return held.isEmpty() || now - renewedAt < lease.dividedBy(RENEWALS).toNanos()
                ? List.of()
                : held.values().stream().map(Held::fence).toList();
    }

    /** Its own name first; then what is free, of the shards no more than its share. */
    private List<LeaseName> wanted() {
        if (going) {
            return List.of();
        }
        if (!isThere()) {
            return isFree(self) ? List.of(self) : List.of();
        }
        if (!looked) {
            return List.of();
        }
        List<LeaseName> wanted = new ArrayList<>();
        Stream.of(LeaseName.JANITOR, LeaseName.UPSTREAM).filter(this::isFree).forEach(wanted::add);
        LeaseName.shards()
                .filter(this::isFree)
                .limit(Math.max(0, share() - shards().size()))
                .forEach(wanted::add);
        wanted.sort(Comparator.naturalOrder());
        return wanted;
    }

    private boolean isFree(LeaseName name) {
        return !held.containsKey(name)
                && !leaving.containsKey(name)
                && Optional.ofNullable(rows.get(name)).map(Row::isFree).orElse(true);
    }

    private void renewed(Plan plan, Fence fence, boolean kept, List<OwnershipChange> changes) {
        LeaseName name = new LeaseName(fence.name());
        Held now = held.get(name);
        if (now == null || !now.fence().equals(fence)) {
            return;
        }
        if (kept) {
            held.put(name, new Held(fence, end(plan)));
        } else {
            held.remove(name); // somebody else's by now: nothing to hand back
            changes.add(new OwnershipChange.Lost(name));
        }
    }

    private void taken(Plan plan, Fence fence, long now, List<OwnershipChange> changes) {
        long until = end(plan);
        LeaseName name = new LeaseName(fence.name());
        if (going || until - now <= 0) {
            leaving.put(name, new Leaving(fence, now - HAND_OVER.toNanos()));
            return;
        }
        if (held.isEmpty()) {
            renewedAt = plan.at();
        }
        held.put(name, new Held(fence, until));
        changes.add(new OwnershipChange.Gained(name, fence));
    }

    /** More shards than its share, the last ones, once others are there who have fewer. */
    private List<LeaseName> surplus() {
        List<LeaseName> mine = shards();
        int most = share();
        return isThere() && mine.size() > most ? mine.subList(most, mine.size()) : List.of();
    }

    private List<LeaseName> shards() {
        return held.keySet().stream().filter(LeaseName::isShard).toList();
    }

    private int share() {
        Set<String> nodes = new HashSet<>(nodes());
        nodes.add(self.node());
        return (LeaseName.SHARDS + nodes.size() - 1) / nodes.size();
    }

    private void lose(LeaseName name, long since, List<OwnershipChange> changes) {
        leaving.put(name, new Leaving(held.remove(name).fence(), since));
        changes.add(new OwnershipChange.Lost(name));
    }

    private long end(Plan plan) {
        return plan.at() + lease.minus(lease.dividedBy(MARGIN)).toNanos();
    }
}
