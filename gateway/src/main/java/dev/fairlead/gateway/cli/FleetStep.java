package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.cli.FleetFile.Definition;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is to be done to one instance for it to be what a fleet file says. */
final class FleetStep {
    private static final String NONE = "none";

    private final Definition wanted;
    private final JsonNode plan;
    private final boolean up;

    /** @param plan what the gateway said of a change that was not made */
    FleetStep(Definition wanted, JsonNode plan) {
        this.wanted = wanted;
        this.plan = plan;
        String status = now().path("status").asText("stopped");
        this.up = !status.equals("stopped") && !status.equals("failed");
    }

    static String path(String name) {
        return "/api/instances/" + name;
    }

    String name() {
        return wanted.name();
    }

    /** Where it stands in the file. */
    String place() {
        return wanted.place("");
    }

    private JsonNode now() {
        return plan.path("before");
    }

    private boolean changes() {
        return !plan.path("outcome").asText().equals("unchanged");
    }

    private boolean restarts() {
        return plan.path("needs_stop").asBoolean();
    }

    private boolean starts() {
        return !up && wanted.state().filter("running"::equals).isPresent();
    }

    private boolean stops() {
        return up && wanted.state().filter("stopped"::equals).isPresent();
    }

    /** Whether anything is to be done. */
    boolean isOpen() {
        return changes() || starts() || stops();
    }

    /** What keeps it from being done. */
    Optional<String> problem() {
        return starts() && now().hasNonNull("archived_at")
                ? Optional.of(wanted.place("state") + ": instance '" + name()
                        + "' is archived and cannot run; 'fairlead instances unarchive " + name() + "' brings it back")
                : Optional.empty();
    }

    private List<String> acts() {
        List<String> acts = new ArrayList<>();
        if (changes()) {
            acts.add(plan.path("outcome").asText());
        }
        if (stops()) {
            acts.add("stopped");
        } else if (starts()) {
            acts.add("started");
        } else if (restarts()) {
            acts.add("restarted");
        }
        return acts.isEmpty() ? List.of("unchanged") : acts;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name());
        acts().forEach(json.putArray("acts")::add);
        plan.path("changes").forEach(json.putArray("changes")::add);
        return json;
    }

    /** Shows it, old and new. */
    void print(PrintStream out) {
        out.println(name() + ": " + String.join(", ", acts()));
        for (JsonNode change : plan.path("changes")) {
            String field = change.asText();
            String then = field(plan.path("instance"), field);
            out.println("  " + field + ": " + (now().isMissingNode() ? then : field(now(), field) + " -> " + then)
                    + (field.equals("env") ? " (values are not shown)" : ""));
        }
    }

    /** Does it. */
    void run(GatewayCalls calls) {
        if (stops() || restarts()) {
            act(calls, "stop");
        }
        try {
            if (changes()) {
                calls.put(path(name()), wanted.body());
            }
        } finally {
            if (restarts() && !stops()) { // as it was, where it could not be changed
                act(calls, "restart");
            }
        }
        if (starts()) {
            act(calls, "start");
        }
    }

    private void act(GatewayCalls calls, String what) {
        calls.post(path(name()) + "/" + what, JsonNodeFactory.instance.objectNode());
    }

    private static String field(JsonNode instance, String field) {
        return switch (field) {
            case "env" -> text(instance.path("env_names"));
            case "health" -> text(instance.path("health_check"));
            default -> text(instance.path(field));
        };
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            List<String> all = new ArrayList<>();
            value.forEach(one -> all.add(text(one)));
            return all.isEmpty() ? NONE : String.join(" ", all);
        }
        if (value.isObject()) {
            return value.isEmpty() ? NONE : value.toString();
        }
        return value.isMissingNode() || value.isNull() ? NONE : value.asText();
    }
}
