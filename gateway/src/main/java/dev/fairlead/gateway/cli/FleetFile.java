package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.YamlText;
import dev.fairlead.protocol.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a fleet file: instances by name, each with the fields that REST has for it. Texts are taken as they are
 * written: YAML's own idea of numbers and booleans plays no part.
 */
final class FleetFile {
    /** As many as one call acts on. */
    private static final int MOST_INSTANCES = 1_000;

    private static final String INSTANCES = "instances";
    private static final String STATE = "state";

    /**
     * An instance as the file has it.
     *
     * @param body as REST takes it
     * @param state {@code running} or {@code stopped}; empty where it is to stay what it is
     * @param places where the instance and each of its fields stand, by field; of the instance by the empty text
     */
    record Definition(String name, ObjectNode body, Optional<String> state, Map<String, String> places) {
        /** Those it depends on. */
        List<String> dependsOn() {
            List<String> names = new ArrayList<>();
            body.path("depends_on").forEach(on -> names.add(on.path("name").asText()));
            return names;
        }

        /** Where a field stands, or else the instance. */
        String place(String field) {
            return places.getOrDefault(field, places.getOrDefault("", name));
        }
    }

    private final YamlText text;
    private final List<String> problems;
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, BiConsumer<ObjectNode, Value>> fields = new LinkedHashMap<>();
    private final List<Definition> definitions = new ArrayList<>();

    /** A value and what to call it. */
    private record Value(String field, String path, Node node) {}

    private FleetFile(String name, List<String> problems) {
        this.text = new YamlText(name, problems);
        this.problems = problems;
        fields.put("command", this::texts);
        fields.put("cwd", this::text);
        fields.put("env", this::map);
        fields.put("port", this::number);
        fields.put("restart", this::text);
        fields.put("health", this::health);
        fields.put("autostart", this::flag);
        fields.put("labels", this::map);
        fields.put("user", this::text);
        fields.put("memory_max", this::text);
        fields.put("cpu_max", this::decimal);
        fields.put("protocol", this::text);
        fields.put("acp_allow", this::texts);
        fields.put("log", this::text);
        fields.put("depends_on", this::dependencies);
        fields.put("ready_when", this::ready);
        fields.put("schedule", this::schedule);
        fields.put(STATE, this::text);
    }

    /**
     * The instances of a file, as they stand in it.
     *
     * @throws CommandFailure that says everything that is wrong with it, and where
     */
    static List<Definition> read(Path path) {
        List<String> problems = new ArrayList<>();
        FleetFile file = new FleetFile(path.toString(), problems);
        YamlText.read("The fleet file", path, problems).flatMap(file.text::root).ifPresent(file::root);
        if (problems.isEmpty() && file.definitions.isEmpty()) {
            problems.add(path + " names no instances: it is a map with 'instances:' by name");
        }
        if (!problems.isEmpty()) {
            throw new CommandFailure(ExitStatus.USAGE, String.join("\n", problems));
        }
        return file.definitions;
    }

    private void root(Node root) {
        entries(root, "", (key, value) -> {
            if (key.equals(INSTANCES)) {
                entries(value, INSTANCES, this::instance);
            } else {
                problem(value, "'" + Names.shown(key) + "' is not known; a fleet file has 'instances'");
            }
        });
    }

    private void instance(String name, Node node) {
        String path = INSTANCES + "." + Names.shown(name);
        if (!Names.isValid(name)) {
            problem(node, path + ": a name matches " + Names.RULE);
            return;
        }
        if (definitions.size() == MOST_INSTANCES) {
            problem(node, path + ": a fleet file has at most " + MOST_INSTANCES + " instances");
            return;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Map<String, String> places = new HashMap<>(Map.of("", text.place(node.getStartMark())));
        entries(node, path, (field, value) -> {
            String at = path + "." + Names.shown(field);
            places.put(field, text.place(value.getStartMark()));
            Optional.ofNullable(fields.get(field))
                    .ifPresentOrElse(
                            read -> read.accept(body, new Value(field, at, value)),
                            () -> problem(
                                    value, at + " is not known; there are " + String.join(", ", fields.keySet())));
        });
        if (!body.has("command") && !places.containsKey("command")) {
            problem(node, path + ".command is missing: the program and its arguments, as a list");
        }
        Optional<String> state = Optional.ofNullable(body.remove(STATE)).map(value -> value.asText());
        if (state.filter(wanted -> !wanted.equals("running") && !wanted.equals("stopped"))
                .isPresent()) {
            problems.add(places.get(STATE) + ": " + path + ".state is running or stopped");
        }
        definitions.add(new Definition(name, body, state, places));
    }

    private void text(ObjectNode body, Value value) {
        scalar(value).ifPresent(text -> body.put(value.field(), text));
    }

    private void number(ObjectNode body, Value value) {
        scalar(value).ifPresent(text -> {
            if (text.matches("\\d{1,9}")) {
                body.put(value.field(), Integer.parseInt(text));
            } else {
                problem(value.node(), value.path() + " is a whole number");
            }
        });
    }

    private void decimal(ObjectNode body, Value value) {
        scalar(value).ifPresent(text -> {
            if (text.matches("\\d{1,4}(\\.\\d{1,3})?")) {
                body.put(value.field(), Double.parseDouble(text));
            } else {
                problem(value.node(), value.path() + " is a number such as 2 or 0.5");
            }
        });
    }

    private void flag(ObjectNode body, Value value) {
        scalar(value).ifPresent(text -> {
            if (text.equals("true") || text.equals("false")) {
                body.put(value.field(), text.equals("true"));
            } else {
                problem(value.node(), value.path() + " is true or false");
            }
        });
    }

    private void texts(ObjectNode body, Value value) {
        ArrayNode all = body.putArray(value.field());
        elements(value, (path, element) -> scalar(new Value(value.field(), path, element))
                .ifPresent(all::add));
    }

    private void map(ObjectNode body, Value value) {
        ObjectNode all = body.putObject(value.field());
        entries(
                value.node(),
                value.path(),
                (key, element) -> text(all, new Value(key, value.path() + "." + key, element)));
    }

    private void health(ObjectNode body, Value value) {
        if (value.node() instanceof ScalarNode) {
            scalar(value).ifPresent(text -> InstanceOptions.health(body, text));
            return;
        }
        known(
                value,
                body.putObject(value.field()),
                Map.of("type", this::text, "path", this::text, "timeout_ms", this::number));
    }

    private void schedule(ObjectNode body, Value value) {
        if (value.node() instanceof ScalarNode) {
            scalar(value).ifPresent(text -> InstanceOptions.schedule(body, text));
            return;
        }
        known(value, body.putObject(value.field()), Map.of("cron", this::text, "zone", this::text, "at", this::text));
    }

    private void ready(ObjectNode body, Value value) {
        known(
                value,
                body.putObject(value.field()),
                Map.of("log", this::text, "port", this::number, "http", this::text));
    }

    private void dependencies(ObjectNode body, Value value) {
        ArrayNode all = body.putArray(value.field());
        elements(value, (path, element) -> {
            Value one = new Value(value.field(), path, element);
            if (element instanceof ScalarNode) {
                scalar(one).ifPresent(text -> InstanceOptions.dependency(all, text));
            } else {
                known(one, all.addObject(), Map.of("name", this::text, "condition", this::text));
            }
        });
    }

    private void known(Value value, ObjectNode into, Map<String, BiConsumer<ObjectNode, Value>> read) {
        entries(value.node(), value.path(), (key, element) -> {
            String at = value.path() + "." + Names.shown(key);
            Optional.ofNullable(read.get(key))
                    .ifPresentOrElse(
                            field -> field.accept(into, new Value(key, at, element)),
                            () -> problem(
                                    element,
                                    at + " is not known; there are "
                                            + String.join(
                                                    ", ",
                                                    read.keySet().stream()
                                                            .sorted()
                                                            .toList())));
        });
    }

    private Optional<String> scalar(Value value) {
        if (once(value.node(), value.path()) && value.node() instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        if (!(value.node() instanceof ScalarNode)) {
            problem(value.node(), value.path() + " is a text");
        }
        return Optional.empty();
    }

    private void elements(Value value, BiConsumer<String, Node> each) {
        if (!once(value.node(), value.path())) {
            return;
        }
        if (value.node() instanceof SequenceNode sequence) {
            int at = 0;
            for (Node element : sequence.getValue()) {
                each.accept(value.path() + "[" + at++ + "]", element);
            }
        } else {
            problem(value.node(), value.path() + " is a list");
        }
    }

    private void entries(Node node, String path, BiConsumer<String, Node> each) {
        if (!once(node, path)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            problem(node, (path.isEmpty() ? "a fleet file" : path) + " is a map");
            return;
        }
        Set<String> keys = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problem(entry.getKeyNode(), "a key is a plain word");
            } else if (!keys.add(key.getValue())) {
                problem(key, (path.isEmpty() ? "" : path + ".") + Names.shown(key.getValue()) + " is there twice");
            } else {
                each.accept(key.getValue(), entry.getValueNode());
            }
        }
    }

    /** An alias can make a file stand for far more than its size. */
    private boolean once(Node node, String path) {
        if (seen.add(node)) {
            return true;
        }
        problem(node, path + ": aliases are not taken; write the value out");
        return false;
    }

    private void problem(Node node, String what) {
        problems.add(text.place(node.getStartMark()) + ": " + what);
    }
}
