package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceSummary;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The instances of this node as they are stored, or will be as soon as the store is back. Confined to one event loop.
 */
@StateMachine
final class Instances {
    private final Map<String, Instance> instances = new TreeMap<>();
    private final Set<String> unstored = new HashSet<>();

    /** Takes up an instance as it was stored. */
    void know(Instance instance) {
        instances.put(instance.name(), instance);
    }

    /** A decision was stored, or needs no storing. */
    void commit(Decision decision) {
        if (decision.after().isPresent()) {
            instances.put(decision.name(), decision.after().get());
        } else {
            instances.remove(decision.name());
        }
    }

    /** What is known of it now is not stored. */
    void unstored(String name) {
        unstored.add(name);
    }

    /** What is known of it now is stored. */
    void stored(String name) {
        unstored.remove(name);
    }

    boolean isUnstored(String name) {
        return unstored.contains(name);
    }

    /** As streams and lists show it. */
    InstanceSummary summary(Instance instance) {
        return isUnstored(instance.name()) ? instance.summary().notStored() : instance.summary();
    }

    /** All instances, by name. */
    List<Instance> all() {
        return List.copyOf(instances.values());
    }

    /** Those that are meant by their labels, by name; all without a selector. Refuses one that is none. */
    List<Instance> selected(Optional<String> selector) {
        if (selector.isEmpty()) {
            return all();
        }
        LabelSelector meant = LabelSelector.parse(selector.get());
        return instances.values().stream()
                .filter(one -> meant.matches(one.settings().labels()))
                .toList();
    }

    Optional<Instance> find(String name) {
        return Optional.ofNullable(instances.get(name));
    }

    /** Refuses with {@code instance_not_found}. */
    Instance get(String name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    static FairleadException notFound(String name) {
        return new FairleadException(ErrorCode.INSTANCE_NOT_FOUND, "No instance named '" + name + "'");
    }

    /** The ports that belong to instances. */
    Set<Integer> portsTaken() {
        return instances.values().stream().map(one -> one.settings().port()).collect(Collectors.toUnmodifiableSet());
    }

    /** Refuses a port that another instance has. */
    void requirePort(String name, int port) {
        instances.values().stream()
                .filter(one -> one.settings().port() == port && !one.name().equals(name))
                .findFirst()
                .ifPresent(other -> {
                    throw new FairleadException(
                            ErrorCode.CONFLICT,
                            "Port " + port + " belongs to instance '" + other.name()
                                    + "'; choose another, or none for the next free one");
                });
    }

    void requireNameFree(String name) {
        if (instances.containsKey(name)) {
            throw new FairleadException(ErrorCode.NAME_TAKEN, "There is an instance named '" + name + "' already");
        }
    }
}
