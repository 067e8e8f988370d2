package dev.fairlead.gateway.instances;

import java.util.List;
import java.util.Optional;

/**
 * What is to become of an instance: stored first, then made so in memory, then its effects follow.
 *
 * @param after the instance then; empty where it is deleted
 * @param stored whether anything changes that is kept
 */
record Decision(String name, Optional<Instance> after, boolean stored, List<Effect> effects) {
    Decision {
        effects = List.copyOf(effects);
    }

    static Decision of(Instance after, Effect... effects) {
        return new Decision(after.name(), Optional.of(after), true, List.of(effects));
    }

    /** Only remembered. */
    static Decision remembered(Instance after) {
        return new Decision(after.name(), Optional.of(after), false, List.of());
    }
}
