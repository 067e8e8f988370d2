package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.instances.InstanceCommands.Act;
import dev.fairlead.gateway.instances.InstanceCommands.ActOnMany;
import dev.fairlead.gateway.instances.InstanceCommands.ChangeInstance;
import dev.fairlead.gateway.instances.InstanceCommands.CloneInstance;
import dev.fairlead.gateway.instances.InstanceCommands.CreateInstance;
import dev.fairlead.gateway.instances.InstanceCommands.DeleteInstance;
import dev.fairlead.gateway.instances.InstanceCommands.GetFleetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.GetHistory;
import dev.fairlead.gateway.instances.InstanceCommands.GetInstance;
import dev.fairlead.gateway.instances.InstanceCommands.GetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceFound;
import dev.fairlead.gateway.instances.InstanceCommands.ListInstances;
import dev.fairlead.gateway.instances.InstanceCommands.ListOwn;
import dev.fairlead.gateway.instances.InstanceCommands.PutInstance;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who answers what is asked of instances: this node for its own, and for those of others the one they live on. What
 * other nodes ask is asked at this node's place, and answered for its own alone. Confined to one event loop.
 */
final class InstanceAnswers {
    private final Bus bus;
    private final Ownership ownership;
    private final FleetInstances fleet;
    private final InstanceViews views;
    private final Runnable wake;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    /** @param wake called where an instance may have a schedule from now on */
    InstanceAnswers(Bus bus, Ownership ownership, FleetInstances fleet, InstanceViews views, Runnable wake) {
        this.bus = bus;
        this.ownership = ownership;
        this.fleet = fleet;
        this.views = views;
        this.wake = wake;
    }

    /** From now on they are answered. */
    List<MessageConsumer<?>> open(
            InstanceChanges changes, InstanceActs acts, InstanceHistory history, UsageSamples usage) {
        consumers.add(bus.answer(
                ListOwn.class, asked -> Future.succeededFuture(views.list(new ListInstances(true, Optional.empty())))));
        consumers.add(
                bus.answer(ListInstances.class, asked -> Future.succeededFuture(fleet.list(asked, views.list(asked)))));
        consumers.add(bus.answer(GetInstance.class, asked -> fleet.kept(asked.name())
                .orElseGet(() -> fleet.at(asked.name(), asked, () -> found(asked)))));
        own(GetInstance.class, this::found);
        consumers.add(bus.answer(
                InstanceCommands.FindHome.class,
                asked -> Future.succeededFuture(new InstanceCommands.Home(fleet.home(asked.name())))));
        consumers.add(bus.answer(CreateInstance.class, asked -> {
            fleet.requireNameFree(asked.name());
            return changes.create(asked).map(done -> changed(asked.name()));
        }));
        answer(ChangeInstance.class, ChangeInstance::name, asked -> changes.change(asked)
                .map(done -> changed(asked.name())));
        answer(PutInstance.class, PutInstance::name, asked -> changes.put(asked).onSuccess(done -> wake.run()));
        answer(CloneInstance.class, CloneInstance::name, asked -> {
            fleet.requireNameFree(asked.cloneName());
            return changes.copy(asked).map(done -> changed(asked.cloneName()));
        });
        answer(Act.class, Act::name, asked -> acts.one(asked).map(done -> views.found(asked.name())));
        consumers.add(bus.answer(ActOnMany.class, asked -> fleet.many(asked, acts)));
        own(ActOnMany.class, acts::many);
        answer(DeleteInstance.class, DeleteInstance::name, asked -> changes.delete(asked)
                .map(done -> new InstanceCommands.InstanceDeleted(asked.name())));
        consumers.add(bus.answer(GetHistory.class, asked -> {
            fleet.require(asked.name()); // of whichever node: it is in the database
            return history.page(asked.name(), asked.before(), asked.limit());
        }));
        answer(GetUsage.class, GetUsage::name, usage::find);
        consumers.add(
                bus.answer(GetFleetUsage.class, asked -> usage.ofAll(asked).compose(own -> fleet.usage(asked, own))));
        own(GetFleetUsage.class, usage::ofAll);
        return List.copyOf(consumers);
    }

    private <R extends Record, Q extends Request<R>> void answer(
            Class<Q> type, Function<Q, String> name, Function<Q, Future<R>> here) {
        consumers.add(bus.answer(type, asked -> fleet.at(name.apply(asked), asked, () -> here.apply(asked))));
        own(type, here);
    }

    /** Answers other nodes for this one's own. */
    private <R extends Record, Q extends Request<R>> void own(Class<Q> type, Function<Q, Future<R>> here) {
        if (!ownership.isAlone()) {
            consumers.add(bus.answerAt(FleetInstances.place(ownership.node()), type, here));
        }
    }

    private Future<InstanceFound> found(GetInstance asked) {
        return Future.succeededFuture(views.found(asked.name()));
    }

    private InstanceFound changed(String name) {
        wake.run();
        return views.found(name);
    }
}
