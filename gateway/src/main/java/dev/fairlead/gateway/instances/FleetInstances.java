package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.Projection;
import dev.fairlead.gateway.instances.InstanceCommands.ActOnMany;
import dev.fairlead.gateway.instances.InstanceCommands.ActedOn;
import dev.fairlead.gateway.instances.InstanceCommands.ActedOnMany;
import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.instances.InstanceCommands.FleetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.GetFleetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceFound;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceList;
import dev.fairlead.gateway.instances.InstanceCommands.ListInstances;
import dev.fairlead.gateway.instances.InstanceCommands.Outcome;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceSummary;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The instances of all nodes: what is asked of one goes to the node it lives on, and is decided there. Confined to one
 * event loop.
 */
final class FleetInstances {
    /** How often it is looked which nodes are there. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** A thousand changes, each stored before the next. */
    private static final Duration MANY_TIMEOUT = Duration.ofSeconds(50);

    private final Bus bus;
    private final Ownership ownership;
    private final TimeSource time;
    private final Ledger ledger;
    private final InstanceRepository repository;
    private final Instances instances;
    private final Consumer<InstanceEvent> show;
    private final OthersInstances others = new OthersInstances();
    private final Set<String> leaving = new HashSet<>(); // nodes of which it is being read since when they are away
    private Scheduler.Cancellable looking = () -> {};

    /**
     * @param instances of this node
     * @param show tells this node's stream of instances
     */
    FleetInstances(
            Bus bus,
            Ownership ownership,
            TimeSource time,
            Ledger ledger,
            InstanceRepository repository,
            Instances instances,
            Consumer<InstanceEvent> show) {
        this.bus = bus;
        this.ownership = ownership;
        this.time = time;
        this.ledger = ledger;
        this.repository = repository;
        this.instances = instances;
        this.show = show;
    }

    /** The bus place at which a node answers for its own instances alone. */
    static String place(String node) {
        return node + "/instances";
    }

    /** Learns of the other nodes' instances, and hears of them from now on. */
    Future<List<MessageConsumer<?>>> join(Scheduler scheduler) {
        if (ownership.isAlone()) {
            return Future.succeededFuture(List.of());
        }
        Projection<InstanceList> nodes = Projection.ofNodes(
                bus,
                ownership,
                new InstanceCommands.ListOwn(),
                (node, own) ->
                        others.shown(node, own.instances(), time.instant()).forEach(show),
                away -> {}); // told with since when
        MessageConsumer<?> news = bus.subscribe(InstanceEvent.class, event -> {
            if (!event.node().equals(Optional.of(ownership.node()))) {
                others.told(event).ifPresent(show);
            }
        });
        return ledger.commit(c -> repository.ofOthers(c, ownership.node())).map(kept -> {
            others.read(kept.stream().map(Instance::summary).toList());
            looking = scheduler.every(LOOK, () -> {
                nodes.look();
                look(nodes);
            });
            nodes.look();
            look(nodes);
            return List.of(news, nodes.listen());
        });
    }

    void close() {
        looking.cancel();
    }

    /** Of nodes that are not there any more it is told since when, the same on every node. */
    private void look(Projection<InstanceList> nodes) {
        others.nodes().stream()
                .filter(node -> isAway(node, nodes))
                .filter(leaving::add)
                .forEach(node -> ledger.commit(c -> repository.awaySince(c, node))
                        .onSuccess(since -> {
                            if (isAway(node, nodes)) {
                                others.away(node, since, time.instant()).forEach(show);
                            }
                        })
                        .onComplete(done -> leaving.remove(node)));
    }

    /** One that is shown is asked anew as soon as it is there again. */
    private boolean isAway(String node, Projection<InstanceList> nodes) {
        return !ownership.nodes().contains(node) && !nodes.shows(node);
    }

    /** Those of other nodes, as streams show them. */
    List<InstanceSummary> others() {
        return others.all();
    }

    /** Whether there is an instance of that name on any node. Refuses with {@code instance_not_found}. */
    void require(String name) {
        if (others.find(name).isEmpty()) {
            instances.get(name);
        }
    }

    /** Refuses a name that an instance of another node has. */
    void requireNameFree(String name) {
        if (others.find(name).isPresent()) {
            throw InstanceRules.nameTakenElsewhere(name);
        }
    }

    /** The node an instance lives on. */
    Optional<String> home(String name) {
        return instances.find(name).isPresent()
                ? Optional.of(ownership.node())
                : others.find(name).flatMap(InstanceSummary::node);
    }

    /** Asks where the instance lives: {@code here} where that is this node, or there is none. */
    <R extends Record, Q extends Request<R>> Future<R> at(String name, Q request, Supplier<Future<R>> here) {
        Optional<InstanceSummary> other = instances.find(name).isPresent() ? Optional.empty() : others.find(name);
        if (other.isEmpty()) {
            return here.get();
        }
        String node = other.get().node().orElseThrow();
        return others.isAway(other.get())
                ? Future.failedFuture(away(other.get()))
                : bus.requestAt(place(node), request);
    }

    /** One of another node that is away, as it is kept; empty where its node has to be asked, or is this one. */
    Optional<Future<InstanceFound>> kept(String name) {
        return others.find(name).filter(others::isAway).map(shown -> ledger.commit(c -> repository.named(c, name))
                .map(kept -> kept.map(
                                one -> one.whole(shown, "", one.settings().user(), Optional.empty(), Optional.empty()))
                        .orElseThrow(() -> Instances.notFound(name))));
    }

    /** Those of this node and all others, by name. */
    InstanceList list(ListInstances command, InstanceList own) {
        return new InstanceList(Stream.concat(
                        own.instances().stream(),
                        selected(command.selector())
                                .filter(one -> command.includeArchived()
                                        || one.archivedAt().isEmpty()))
                .sorted(Comparator.comparing(InstanceSummary::name))
                .toList());
    }

    private Stream<InstanceSummary> selected(Optional<String> selector) {
        Optional<LabelSelector> meant = selector.map(LabelSelector::parse);
        return others.all().stream()
                .filter(one ->
                        meant.isEmpty() || meant.get().matches(one.labels().orElse(Map.of())));
    }

    /** Each node has its own acted on; those of one that does not answer are refused, row by row. */
    Future<ActedOnMany> many(ActOnMany asked, InstanceActs acts) {
        List<String> meant = acts.meant(asked, selector -> selected(Optional.of(selector))
                .filter(one -> one.archivedAt().isPresent() == (asked.action() == Action.UNARCHIVE))
                .map(InstanceSummary::name));
        Map<String, List<String>> byNode = new TreeMap<>();
        for (String name : meant) {
            byNode.computeIfAbsent(home(name).orElse(ownership.node()), none -> new ArrayList<>())
                    .add(name);
        }
        Map<String, ActedOn> rows = new HashMap<>();
        List<Future<?>> all = new ArrayList<>();
        byNode.forEach((node, names) -> all.add(many(
                        node,
                        new ActOnMany(
                                Optional.empty(), Optional.of(names), asked.action(), asked.actor(), asked.address()),
                        acts)
                .onSuccess(done -> done.results().forEach(row -> rows.put(row.name(), row)))));
        return Future.all(all)
                .map(done -> new ActedOnMany(meant.stream().map(rows::get).toList()));
    }

    private Future<ActedOnMany> many(String node, ActOnMany asked, InstanceActs acts) {
        if (node.equals(ownership.node())) {
            return acts.many(asked);
        }
        return bus.requestAt(place(node), asked, MANY_TIMEOUT).otherwise(failure -> {
            FairleadException why = Bus.refusal(failure);
            return new ActedOnMany(asked.names().orElseThrow().stream()
                    .map(name -> new ActedOn(
                            name,
                            Outcome.REFUSED,
                            others.find(name).map(InstanceSummary::status),
                            Optional.of(why.code().wire()),
                            Optional.of(why.getMessage())))
                    .toList());
        });
    }

    /** What is used on all nodes that answer. */
    Future<FleetUsage> usage(GetFleetUsage asked, FleetUsage own) {
        List<Future<FleetUsage>> all = ownership.nodes().stream()
                .filter(node -> !node.equals(ownership.node()))
                .map(node -> bus.requestAt(place(node), asked)
                        .otherwise(new FleetUsage(false, own.gateway(), Map.of(), Optional.empty())))
                .toList();
        return Future.all(all).map(done -> {
            FleetUsage sum = own;
            for (Future<FleetUsage> one : all) {
                sum = sum.and(one.result());
            }
            return sum;
        });
    }

    private static FairleadException away(InstanceSummary instance) {
        return new FairleadException(
                ErrorCode.SHUTTING_DOWN,
                "Instance '" + instance.name() + "' lives on node "
                        + instance.node().orElseThrow()
                        + ", which is away; nothing was done. Try again once that is back",
                Duration.ofSeconds(1));
    }
}
