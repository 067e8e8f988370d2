package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.cli.FleetFile.Definition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a fleet file would change, as the gateway says: nothing is changed to find out. */
final class FleetPlan {
    private static final Pattern FIELD = Pattern.compile("[Ff]ield '([a-z_]+)");

    private final GatewayCalls calls;

    FleetPlan(GatewayCalls calls) {
        this.calls = calls;
    }

    /**
     * The steps, each after those of the instances it depends on.
     *
     * @throws CommandFailure that says all that the gateway would refuse, and where it stands
     */
    List<FleetStep> of(List<Definition> definitions) {
        Map<String, Definition> byName = new LinkedHashMap<>();
        definitions.forEach(one -> byName.put(one.name(), one));
        List<String> problems = new ArrayList<>();
        List<FleetStep> steps = new ArrayList<>();
        for (Definition one : ordered(byName)) {
            plan(one, byName.keySet(), problems).ifPresent(steps::add);
        }
        if (!problems.isEmpty()) {
            throw new CommandFailure(ExitStatus.USAGE, String.join("\n", problems) + "\nNothing was changed.");
        }
        return steps;
    }

    private Optional<FleetStep> plan(Definition one, Set<String> named, List<String> problems) {
        try {
            // What the file makes is there by the time it is depended on.
            JsonNode plan = calls.put(
                    FleetStep.path(one.name()) + "?dry_run=true&assume=" + String.join(",", assumed(one, named)),
                    one.body());
            FleetStep step = new FleetStep(one, plan);
            step.problem().ifPresent(problems::add);
            return Optional.of(step);
        } catch (CommandFailure e) {
            if (e.status() != ExitStatus.FAILED) {
                throw e;
            }
            Matcher field = FIELD.matcher(e.getMessage());
            String place = one.place(field.find() ? field.group(1) : "");
            problems.add(place + ": instance '" + one.name() + "': " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<String> assumed(Definition one, Set<String> named) {
        return one.dependsOn().stream().filter(named::contains).toList();
    }

    private static List<Definition> ordered(Map<String, Definition> byName) {
        List<Definition> ordered = new ArrayList<>();
        Set<String> done = new HashSet<>();
        while (done.size() < byName.size()) {
            int before = done.size();
            for (Definition one : byName.values()) {
                boolean ready = one.dependsOn().stream().allMatch(on -> done.contains(on) || !byName.containsKey(on));
                if (ready && done.add(one.name())) {
                    ordered.add(one);
                }
            }
            if (done.size() == before) {
                List<Definition> circle = byName.values().stream()
                        .filter(one -> !done.contains(one.name()))
                        .toList();
                throw new CommandFailure(
                        ExitStatus.USAGE,
                        circle.get(0).place("depends_on") + ": a circle of depends_on, in which none can start first: "
                                + String.join(
                                        ", ",
                                        circle.stream().map(Definition::name).toList()));
            }
        }
        return ordered;
    }
}
