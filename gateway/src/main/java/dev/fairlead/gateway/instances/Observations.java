package dev.fairlead.gateway.instances;

import java.util.List;
import java.util.Optional;

/** What is told back of programs, on the concern's event loop; see {@link InstanceSupervisor} for each. */
interface Observations {
    void launched(String name, String spawnId, ProcessIdentity process);

    void launchFailed(String name, String spawnId, String reason);

    void exited(String name, String spawnId, Optional<Integer> code, List<String> lastLines);

    void ended(String name, String spawnId);
}
