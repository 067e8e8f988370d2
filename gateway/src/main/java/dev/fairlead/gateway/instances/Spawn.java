package dev.fairlead.gateway.instances;

import java.util.Optional;

/**
 * One start of an instance's program.
 *
 * @param id stands in the environment of the program and all it starts, so that they are found again
 * @param process the leader of its process group; empty between the decision to start it and the record that it was
 */
record Spawn(String id, Optional<ProcessIdentity> process) {
    static Spawn intended(String id) {
        return new Spawn(id, Optional.empty());
    }

    Spawn as(ProcessIdentity identity) {
        return new Spawn(id, Optional.of(identity));
    }
}
