package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.instances.InstanceCommands.Act;
import dev.fairlead.gateway.instances.InstanceCommands.ActOnMany;
import dev.fairlead.gateway.instances.InstanceCommands.ActedOn;
import dev.fairlead.gateway.instances.InstanceCommands.ActedOnMany;
import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.instances.InstanceCommands.Outcome;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Takes instances through their lives as they are asked to, one or many. Confined to one event loop. */
final class InstanceActs {
    /** Tells the audit trail. */
    @FunctionalInterface
    interface Trail {
        void record(String action, String name, String actor, String address, String outcome, String detail);
    }

    private final Instances instances;
    private final Dependencies dependencies;
    private final InstanceSupervisor supervisor;
    private final Decisions decisions;
    private final Turns turns;
    private final Trail trail;

    InstanceActs(
            Instances instances,
            Dependencies dependencies,
            InstanceSupervisor supervisor,
            Decisions decisions,
            Turns turns,
            Trail trail) {
        this.instances = instances;
        this.dependencies = dependencies;
        this.supervisor = supervisor;
        this.decisions = decisions;
        this.turns = turns;
        this.trail = trail;
    }

    /** One; done as soon as it has begun. */
    Future<Void> one(Act act) {
        return turns.next(() ->
                        decided(act, supervisor.act(act.name(), act.action()).by(act.actor())))
                .onSuccess(done -> record(act, AuditEvents.OK, ""));
    }

    /** What ends a process is done whatever the store says; what only starts one can wait until it is back. */
    private Future<Void> decided(Act act, Decision decision) {
        return act.action() == Action.STOP || act.action() == Action.RESTART
                ? decisions.atOnce(decision)
                : decisions.storedFirst(decision);
    }

    /**
     * Many, one after the other, so that others have their turns in between.
     *
     * @return a row for each that was meant, in the order they were meant in
     */
    Future<ActedOnMany> many(ActOnMany asked) {
        List<String> meant = meant(asked, selector -> Stream.empty());
        Map<String, ActedOn> rows = new HashMap<>();
        Future<?> last = Future.succeededFuture();
        for (String name : inOrder(meant, asked.action())) {
            last = last.compose(before -> row(new Act(name, asked.action(), asked.actor(), asked.address())))
                    .onSuccess(row -> rows.put(name, row));
        }
        return last.map(done -> new ActedOnMany(meant.stream().map(rows::get).toList()));
    }

    /**
     * The names that are meant, each once.
     *
     * @param others gives those of other nodes that a selector means
     */
    List<String> meant(ActOnMany asked, Function<String, Stream<String>> others) {
        if (asked.selector().isPresent() == asked.names().isPresent()) {
            throw refused(
                    "Either field 'selector' says which instances are meant, such as team=a, or 'names' lists them");
        }
        List<String> meant = asked.names()
                .map(names -> names.stream()
                        .map(name -> Names.require("Field 'names'", name))
                        .distinct()
                        .toList())
                .orElseGet(() -> Stream.concat(
                                selected(asked.selector().orElseThrow(), asked.action() == Action.UNARCHIVE).stream(),
                                others.apply(asked.selector().orElseThrow()))
                        .toList());
        if (meant.size() > InstanceCommands.MOST_AT_ONCE) {
            throw refused("That are " + meant.size() + " instances; one call takes " + InstanceCommands.MOST_AT_ONCE
                    + " at most");
        }
        return meant;
    }

    /** Started after what they depend on, and stopped before. */
    private List<String> inOrder(List<String> meant, Action action) {
        return switch (action) {
            case START, RESTART -> dependencies.inOrder(meant);
            case STOP -> {
                List<String> order = new ArrayList<>(dependencies.inOrder(meant));
                Collections.reverse(order);
                yield order;
            }
            case ARCHIVE, UNARCHIVE -> meant;
        };
    }

    private List<String> selected(String selector, boolean archived) {
        return instances.selected(Optional.of(selector)).stream()
                .filter(one -> one.isArchived() == archived)
                .map(Instance::name)
                .toList();
    }

    private Future<ActedOn> row(Act act) {
        if (instances
                .find(act.name())
                .filter(one -> one.isAlready(act.action()))
                .isPresent()) {
            return Future.succeededFuture(row(act, Outcome.UNCHANGED, Optional.empty()));
        }
        return one(act).map(done -> row(act, Outcome.DONE, Optional.empty())).otherwise(failure -> {
            FairleadException why = Bus.refusal(failure);
            record(act, AuditEvents.FAILED, why.code().wire());
            return row(act, Outcome.REFUSED, Optional.of(why));
        });
    }

    private ActedOn row(Act act, Outcome outcome, Optional<FairleadException> why) {
        return new ActedOn(
                act.name(),
                outcome,
                instances.find(act.name()).map(Instance::status),
                why.map(one -> one.code().wire()),
                why.map(Throwable::getMessage));
    }

    private void record(Act act, String outcome, String detail) {
        trail.record("instance." + act.action().wire(), act.name(), act.actor(), act.address(), outcome, detail);
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
