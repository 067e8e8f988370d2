package dev.fairlead.gateway.demo;

import dev.fairlead.gateway.OwnProgram;
import dev.fairlead.gateway.demo.agent.Role;
import dev.fairlead.gateway.instances.InstanceCommands.Wanted;
import dev.fairlead.gateway.instances.Protocol;
import dev.fairlead.gateway.instances.RestartPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An instance of the demo.
 *
 * @param protocol that the gateway speaks to it
 * @param labels what it is sorted by
 * @param state what it is made for: to run, to be started by hand, or to be looked at in the archive
 */
record SampleInstance(
        String name, List<String> command, Optional<Protocol> protocol, Map<String, String> labels, State state) {
    /** There are several of them, and they have little to do. */
    private static final int HEAP_MEGABYTES = 48;

    /** Dies five times within a minute, and is then left alone. */
    private static final String CRASH = "echo connecting to the printer; sleep 2;"
            + " echo 'java.net.ConnectException: no printer at 192.0.2.7:9100' >&2; exit 3";

    private static final Map<String, String> RESEARCH = Map.of("team", "research");
    private static final Map<String, String> OFFICE = Map.of("team", "office");

    enum State {
        RUNNING,
        STOPPED,
        ARCHIVED
    }

    /** All of the demo's. */
    static List<SampleInstance> all() {
        return List.of(
                new SampleInstance("planner", agent(Role.PLANNER), Optional.empty(), RESEARCH, State.RUNNING),
                new SampleInstance("worker", agent(Role.WORKER), Optional.empty(), RESEARCH, State.RUNNING),
                new SampleInstance("scout", agent(Role.SCOUT), Optional.empty(), RESEARCH, State.RUNNING),
                new SampleInstance(
                        "coder",
                        OwnProgram.command(HEAP_MEGABYTES, List.of("demo-coder")),
                        Optional.of(Protocol.ACP),
                        RESEARCH,
                        State.RUNNING),
                new SampleInstance("printer", List.of("sh", "-c", CRASH), Optional.empty(), OFFICE, State.RUNNING),
                new SampleInstance("spare-worker", agent(Role.WORKER), Optional.empty(), RESEARCH, State.STOPPED),
                new SampleInstance("old-scout", agent(Role.SCOUT), Optional.empty(), RESEARCH, State.ARCHIVED));
    }

    Wanted wanted() {
        return new Wanted(
                Optional.of(command),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(RestartPolicy.ON_FAILURE),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                protocol,
                Optional.empty(),
                Optional.of(labels),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<String> agent(Role role) {
        return OwnProgram.command(HEAP_MEGABYTES, List.of("demo-agent", "--role", role.wire()));
    }
}
