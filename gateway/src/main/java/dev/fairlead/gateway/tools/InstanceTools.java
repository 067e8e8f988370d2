package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import dev.fairlead.gateway.tools.ToolDefinition.Trait;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstanceStatus;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an agent can do with instances. */
final class InstanceTools {
    private static final Parameters NAME = Parameters.of()
            .text("name", "The instance's name", GatewayTools.NAME_LENGTH, GatewayTools.NAME)
            .build();

    private static final String SELECTED =
            "Which instances, by their labels, such as team=a or team in (a,b),tier!=web";

    private static final int SELECTOR_LENGTH = 1_000;

    /** Rows of an answer that a model can still read; all are counted. */
    private static final int MOST_ROWS = 200;

    private static final Map<String, InstanceCommands.Action> MANY = new TreeMap<>(Map.of(
            "start", InstanceCommands.Action.START,
            "stop", InstanceCommands.Action.STOP,
            "restart", InstanceCommands.Action.RESTART));

    /**
     * What became of many.
     *
     * @param results those that were refused first
     */
    private record Told(int done, int unchanged, int refused, List<InstanceCommands.ActedOn> results) {}

    private InstanceTools() {}

    static List<Tool> of(Bus bus) {
        return List.of(
                tool(
                        "list_instances",
                        Effect.READ,
                        "Lists the instances (processes this gateway supervises) with status, port, pid, restarts,"
                                + " labels and the reason of a bad status.",
                        Parameters.of()
                                .optional()
                                .flag("include_archived", "Whether archived ones are listed too; default false")
                                .text("selector", SELECTED, SELECTOR_LENGTH)
                                .build(),
                        (args, caller) -> bus.request(new InstanceCommands.ListInstances(
                                args.path("include_archived").asBoolean(false), GatewayTools.text(args, "selector")))),
                tool(
                        "get_instance",
                        Effect.READ,
                        "Shows one instance whole: status, command, port, restart policy, health check, exit code, and the"
                                + " agent of its name where there is one.",
                        NAME,
                        (args, caller) -> withAgent(bus, args.get("name").textValue())),
                act(
                        bus,
                        "start_instance",
                        InstanceCommands.Action.START,
                        Set.of(Trait.IDEMPOTENT),
                        "Starts a stopped or failed instance."),
                act(
                        bus,
                        "stop_instance",
                        InstanceCommands.Action.STOP,
                        Set.of(Trait.INTERRUPTS, Trait.IDEMPOTENT),
                        "Stops a running instance: TERM to its processes, KILL to what is left after the grace."),
                act(
                        bus,
                        "restart_instance",
                        InstanceCommands.Action.RESTART,
                        Set.of(Trait.INTERRUPTS),
                        "Stops an instance and starts it again."),
                tool(
                        "act_on_instances",
                        Effect.CHANGE,
                        Set.of(Trait.INTERRUPTS),
                        "Starts, stops or restarts all instances that have the labels meant, at once, and says of each"
                                + " what became of it: done, unchanged where it was so before, or refused and why.",
                        Parameters.of()
                                .choice("action", "What is done to each", List.copyOf(MANY.keySet()))
                                .text("selector", SELECTED, SELECTOR_LENGTH)
                                .build(),
                        (args, caller) -> bus.request(new InstanceCommands.ActOnMany(
                                        GatewayTools.text(args, "selector"),
                                        Optional.empty(),
                                        MANY.get(args.get("action").textValue()),
                                        caller.actor(),
                                        caller.address()))
                                .map(InstanceTools::told)));
    }

    /** Not every instance has an agent: that it has none is no failure of the question. */
    private static Future<ObjectNode> withAgent(Bus bus, String name) {
        return bus.request(new InstanceCommands.GetInstance(name)).compose(found -> {
            ObjectNode instance = FrameCodec.object();
            FrameCodec.toTree(found).properties().forEach(field -> instance.set(field.getKey(), field.getValue()));
            return bus.request(new AgentCommands.GetAgent(name))
                    .map(agent -> instance.set("agent", FrameCodec.toTree(agent.agent())))
                    .recover(cause -> Bus.refusal(cause).code() == ErrorCode.AGENT_NOT_FOUND
                            ? Future.succeededFuture()
                            : Future.failedFuture(cause))
                    .map(ignored -> instance);
        });
    }

    private static Told told(InstanceCommands.ActedOnMany acted) {
        Map<InstanceCommands.Outcome, Long> counts = acted.results().stream()
                .collect(Collectors.groupingBy(InstanceCommands.ActedOn::outcome, Collectors.counting()));
        return new Told(
                counts.getOrDefault(InstanceCommands.Outcome.DONE, 0L).intValue(),
                counts.getOrDefault(InstanceCommands.Outcome.UNCHANGED, 0L).intValue(),
                counts.getOrDefault(InstanceCommands.Outcome.REFUSED, 0L).intValue(),
                acted.results().stream()
                        .sorted(Comparator.comparing(InstanceCommands.ActedOn::outcome)
                                .reversed())
                        .limit(MOST_ROWS)
                        .toList());
    }

    private static Tool act(
            Bus bus, String name, InstanceCommands.Action action, Set<Trait> traits, String description) {
        return tool(
                        name,
                        Effect.CHANGE,
                        traits,
                        description,
                        NAME,
                        (args, caller) -> bus.request(new InstanceCommands.Act(
                                args.get("name").textValue(), action, caller.actor(), caller.address())))
                .lookedUpBy((args, caller) -> bus.request(new InstanceCommands.GetInstance(
                                args.get("name").textValue()))
                        .map(found -> tookEffect(action, found.instance().status())
                                ? BusTool.done(found.instance())
                                : new Recovery.Unknown()));
    }

    /** Whether the instance is as the call would have made it; of a restart nothing tells. */
    private static boolean tookEffect(InstanceCommands.Action action, InstanceStatus status) {
        return switch (status) {
            case STARTING, RUNNING, UNHEALTHY -> action == InstanceCommands.Action.START;
            case STOPPING, STOPPED -> action == InstanceCommands.Action.STOP;
            case FAILED, UNKNOWN -> false;
        };
    }
}
