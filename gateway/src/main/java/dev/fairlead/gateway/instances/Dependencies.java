package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the instances of a node wait for before they are started. They form no circle. As {@link Instances}. */
@StateMachine
final class Dependencies {
    /** Of one instance. */
    static final int MOST = 16;

    private final Instances instances;

    Dependencies(Instances instances) {
        this.instances = instances;
    }

    /** Refuses with {@code bad_request} what an instance cannot depend on. */
    void require(InstanceSettings wanted) {
        require(wanted, List.of());
    }

    /** As {@link #require(InstanceSettings)}, where there will be instances of these names, too. */
    void require(InstanceSettings wanted, Collection<String> assumed) {
        List<Dependency> on = wanted.dependsOn();
        if (on.size() > MOST) {
            throw refused("Field 'depends_on' has at most " + MOST + " entries");
        }
        Set<String> named = new HashSet<>();
        for (Dependency one : on) {
            Names.require("Field 'depends_on.name'", one.name());
            if (!named.add(one.name())) {
                throw refused("Field 'depends_on' names '" + one.name() + "' twice");
            }
            if (one.name().equals(wanted.name())) {
                throw refused("Field 'depends_on' names '" + one.name() + "' itself");
            }
            if (instances.find(one.name()).isEmpty() && !assumed.contains(one.name())) {
                throw refused("Field 'depends_on' names '" + one.name()
                        + "', and no instance on this node has that name; make it first");
            }
        }
        way(wanted).ifPresent(way -> {
            throw refused(
                    "Field 'depends_on' makes a circle, in which none can start first: " + String.join(" → ", way));
        });
    }

    /** Refuses with {@code conflict} to let go of what others depend on. */
    void requireFree(String name) {
        String others = instances.all().stream()
                .filter(one -> one.settings().dependsOn().stream()
                        .anyMatch(on -> on.name().equals(name)))
                .map(one -> "'" + one.name() + "'")
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            throw new FairleadException(
                    ErrorCode.CONFLICT,
                    "Instance '" + name + "' is one that others depend on: " + others
                            + "; take it out of their depends_on first");
        }
    }

    /** From what an instance is to depend on back to it, where there is such a way. */
    private Optional<List<String>> way(InstanceSettings wanted) {
        Map<String, String> cameFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>();
        for (Dependency on : wanted.dependsOn()) {
            cameFrom.put(on.name(), wanted.name());
            open.add(on.name());
        }
        while (!open.isEmpty()) {
            String at = open.remove();
            for (Dependency on : of(at)) {
                if (cameFrom.putIfAbsent(on.name(), at) == null) {
                    open.add(on.name());
                }
            }
        }
        if (!cameFrom.containsKey(wanted.name())) {
            return Optional.empty();
        }
        Deque<String> way = new ArrayDeque<>(List.of(wanted.name()));
        do {
            way.addFirst(cameFrom.get(way.getFirst()));
        } while (!way.getFirst().equals(wanted.name()));
        return Optional.of(List.copyOf(way));
    }

    private List<Dependency> of(String name) {
        return instances.find(name).map(one -> one.settings().dependsOn()).orElse(List.of());
    }

    /** What an instance still waits for, in a sentence; empty where it may be started. */
    Optional<String> unmet(Instance instance) {
        String waits = instance.settings().dependsOn().stream()
                .filter(on -> !holds(on))
                .map(on -> "'" + on.name() + "' " + on.condition().words() + " (" + state(on.name()) + ")")
                .collect(Collectors.joining(", and until "));
        return waits.isEmpty() ? Optional.empty() : Optional.of("It waits until " + waits);
    }

    /** Those an instance waits for that somebody has to start. */
    List<String> toStart(Instance instance) {
        return instance.settings().dependsOn().stream()
                .filter(on -> !holds(on))
                .map(Dependency::name)
                .filter(name -> instances
                        .find(name)
                        .filter(one -> one.isDown() && !one.isArchived())
                        .isPresent())
                .toList();
    }

    private boolean holds(Dependency on) {
        return instances
                .find(on.name())
                .filter(one -> !one.isArchived() && on.condition().holds(one))
                .isPresent();
    }

    private String state(String name) {
        return instances
                .find(name)
                .map(one -> one.isArchived()
                        ? "archived"
                        : one.status().wire()
                                + one.exitCode()
                                        .filter(code -> one.isDown())
                                        .map(code -> ", exit code " + code)
                                        .orElse(""))
                .orElse("gone");
    }

    /** The same names, each after those it depends on, and else as they stand. */
    List<String> inOrder(Collection<String> names) {
        Set<String> ordered = new LinkedHashSet<>();
        Set<String> entered = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(names);
        while (!open.isEmpty()) {
            String at = open.getFirst();
            if (entered.add(at)) {
                of(at).stream()
                        .map(Dependency::name)
                        .filter(on -> !entered.contains(on))
                        .forEach(open::addFirst);
            } else {
                ordered.add(open.removeFirst());
            }
        }
        ordered.retainAll(new HashSet<>(names));
        return List.copyOf(ordered);
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
