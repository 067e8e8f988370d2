package dev.fairlead.gateway.instances;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to become of an instance: stored first, then made so in memory, then its effects follow.
 *
 * @param after the instance then; empty where it is deleted
 * @param stored whether anything changes that is kept
 * @param actor who wanted it, where somebody did
 * @param note what else its history is to tell
 * @param exit the end of its process, where that is what it comes of
 */
record Decision(
        String name,
        Optional<Instance> after,
        boolean stored,
        List<Effect> effects,
        Optional<String> actor,
        Optional<HistoryEntry.Exit> exit,
        Optional<HistoryEntry> note) {
    Decision {
        effects = List.copyOf(effects);
    }

    Decision(String name, Optional<Instance> after, boolean stored, List<Effect> effects) {
        this(name, after, stored, effects, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Decision of(Instance after, Effect... effects) {
        return new Decision(after.name(), Optional.of(after), true, List.of(effects));
    }

    /** As {@link #of}, its status being told first. */
    static Decision status(Instance after, Instant at, Effect... effects) {
        List<Effect> all = new ArrayList<>(List.of(effects));
        all.add(0, new Effect.Publish(new InstanceEvent.StatusChanged(after.summary(), at)));
        return new Decision(after.name(), Optional.of(after), true, all);
    }

    /** The same, as somebody wants it. */
    Decision by(String who) {
        return new Decision(name, after, stored, effects, Optional.of(who), exit, note);
    }

    /** The same, come of the end of a process. */
    Decision comeOf(HistoryEntry.Exit end) {
        return new Decision(name, after, stored, effects, actor, Optional.of(end), note);
    }

    /** The same, with one more word in its history. */
    Decision noting(HistoryEntry entry) {
        return new Decision(name, after, stored, effects, actor, exit, Optional.of(entry));
    }

    /** The same with another effect before its own. */
    Decision preceded(Effect effect) {
        List<Effect> all = new ArrayList<>(effects);
        all.add(0, effect);
        return new Decision(name, after, true, all, actor, exit, note);
    }

    /** Only remembered. */
    static Decision remembered(Instance after) {
        return new Decision(after.name(), Optional.of(after), false, List.of());
    }
}
