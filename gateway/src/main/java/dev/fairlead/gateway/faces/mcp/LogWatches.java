package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.streams.StreamCommands;
import dev.fairlead.gateway.streams.StreamEvent;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hears that logs of this node grow, as a socket that follows them does; costs nothing while nobody asks. */
final class LogWatches {
    private static final String LOGS = "logs";

    private final Bus bus;
    private final String node;
    private final Supplier<Set<String>> wanted;
    private final Consumer<String> grown;
    private final Map<String, String> names = new HashMap<>(); // by their views
    private final Set<String> asked = new HashSet<>();
    private Optional<MessageConsumer<?>> ears = Optional.empty();

    /**
     * Of the logs of a node.
     *
     * @param wanted the names of those that somebody wants to hear of
     * @param grown hears the name of one that has more lines, or is gone
     */
    LogWatches(Bus bus, String node, Supplier<Set<String>> wanted, Consumer<String> grown) {
        this.bus = bus;
        this.node = node;
        this.wanted = wanted;
        this.grown = grown;
    }

    /** Others may be wanted now, or some are there that were not: to be called from time to time as well. */
    void look() {
        Set<String> now = wanted.get();
        names.values().retainAll(now);
        if (now.isEmpty() && ears.isPresent()) {
            tell(); // those that were in use until now are let go by that
            ears.get().unregister();
            ears = Optional.empty();
        } else if (!now.isEmpty() && ears.isEmpty()) {
            ears = Optional.of(bus.subscribeAt(node, StreamEvent.class, this::heard));
        }
        now.stream()
                .filter(name -> !names.containsValue(name) && asked.add(name))
                .forEach(name -> bus.requestAt(
                                StreamCommands.place(node, LOGS),
                                new StreamCommands.Subscribe(
                                        Map.of("name", name, "backlog", "0"), Optional.empty(), Optional.empty()))
                        // One that is not there yet is asked for again at the next look.
                        .onSuccess(taken -> names.put(taken.view(), name))
                        .onComplete(done -> asked.remove(name)));
        if (!now.isEmpty()) {
            tell();
        }
    }

    private void tell() {
        bus.publishAt(node, StreamEvent.class, new StreamEvent.ViewsInUse(Set.copyOf(names.keySet())));
    }

    private void heard(StreamEvent event) {
        if (event instanceof StreamEvent.Frames frames && frames.frames().count() > 0) {
            Optional.ofNullable(names.get(frames.view())).ifPresent(grown);
        } else if (event instanceof StreamEvent.Ended ended) {
            Optional.ofNullable(names.remove(ended.view())).ifPresent(grown);
        }
    }
}
