package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The instances that live on other nodes, as those tell of them; of one whose node is away nobody knows how it is. What
 * is returned is to be shown on this node alone. Confined to one event loop.
 */
@StateMachine
final class OthersInstances {
    private final Map<String, InstanceSummary> told = new TreeMap<>();
    /** Nodes that are away, and since when where that is still known. */
    private final Map<String, Optional<Instant>> away = new HashMap<>();

    /** As they are kept, from before anybody told of them. */
    void read(List<InstanceSummary> kept) {
        kept.forEach(one -> told.putIfAbsent(one.name(), one));
    }

    /** What became of one, by its node's word; empty where that shows nothing new. */
    Optional<InstanceEvent> told(InstanceEvent event) {
        if (event instanceof InstanceEvent.Of of) {
            told.put(event.name(), of.instance());
            return Optional.of(event).filter(news -> !isAway(of.instance()));
        }
        if (event instanceof InstanceEvent.Deleted deleted
                && deleted.node()
                        .equals(Optional.ofNullable(told.get(deleted.name())).flatMap(InstanceSummary::node))
                && told.containsKey(deleted.name())) {
            told.remove(deleted.name());
            return Optional.of(event);
        }
        return Optional.empty();
    }

    /** All instances of a node, by its own word, which it is there to give. */
    List<InstanceEvent> shown(String node, List<InstanceSummary> all, Instant now) {
        Map<String, InstanceSummary> before = shown();
        away.remove(node);
        Map<String, InstanceSummary> there =
                all.stream().collect(Collectors.toMap(InstanceSummary::name, Function.identity()));
        told.values().removeIf(one -> isOf(node, one) && !there.containsKey(one.name()));
        told.putAll(there);
        List<InstanceEvent> news = new ArrayList<>();
        before.values().stream()
                .filter(one -> isOf(node, one) && !there.containsKey(one.name()))
                .forEach(one -> news.add(new InstanceEvent.Deleted(one.name(), node, now)));
        for (InstanceSummary one : all) {
            InstanceSummary known = before.get(one.name());
            if (known == null) {
                news.add(new InstanceEvent.Created(one, now));
            } else if (known.archivedAt().isPresent() != one.archivedAt().isPresent()) {
                news.add(
                        one.archivedAt().isPresent()
                                ? new InstanceEvent.Archived(one, now)
                                : new InstanceEvent.Unarchived(one, now));
            } else if (!known.equals(one)) {
                news.add(new InstanceEvent.StatusChanged(one, now));
            }
        }
        return news;
    }

    /** A node is away, and how its instances are is not known. */
    List<InstanceEvent> away(String node, Optional<Instant> since, Instant now) {
        away.put(node, since);
        return told.values().stream()
                .filter(one -> isOf(node, one))
                .<InstanceEvent>map(one -> new InstanceEvent.StatusChanged(shown(one), now))
                .toList();
    }

    /** The nodes that have instances and are not known to be away. */
    Set<String> nodes() {
        return told.values().stream()
                .flatMap(one -> one.node().stream())
                .filter(node -> !away.containsKey(node))
                .collect(Collectors.toSet());
    }

    /** All of them as they are shown, by name. */
    List<InstanceSummary> all() {
        return told.values().stream().map(this::shown).toList();
    }

    /** One as it is shown. */
    Optional<InstanceSummary> find(String name) {
        return Optional.ofNullable(told.get(name)).map(this::shown);
    }

    /** Whether the node of one is away. */
    boolean isAway(InstanceSummary instance) {
        return instance.node().filter(away::containsKey).isPresent();
    }

    private Map<String, InstanceSummary> shown() {
        return all().stream().collect(Collectors.toMap(InstanceSummary::name, Function.identity()));
    }

    private InstanceSummary shown(InstanceSummary instance) {
        return isAway(instance)
                ? instance.unknown("Its node " + instance.node().orElseThrow() + " is away"
                        + away.get(instance.node().orElseThrow())
                                .map(since -> " since " + since)
                                .orElse("") + ": how it is there is not known")
                : instance;
    }

    private static boolean isOf(String node, InstanceSummary instance) {
        return instance != null && instance.node().equals(Optional.of(node));
    }
}
