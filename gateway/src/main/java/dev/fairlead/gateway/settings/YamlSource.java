package dev.fairlead.gateway.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a settings file. Groups may nest ({@code ws: {server_ping: 0}}) or be dotted ({@code ws.server_ping: 0}).
 * Values are taken as they are written: YAML's own idea of numbers and booleans plays no part.
 */
final class YamlSource {

    private final YamlText text;
    private final List<String> problems;
    private final List<Assignment> assignments = new ArrayList<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private YamlSource(String name, List<String> problems) {
        this.text = new YamlText(name, problems);
        this.problems = problems;
    }

    /** What the file sets; what is wrong with it goes to {@code problems}, never a part of its text. */
    static List<Assignment> read(Path file, List<String> problems) {
        return YamlText.read("The settings file", file, problems)
                .map(yaml -> parse(yaml, file.toString(), problems))
                .orElse(List.of());
    }

    static List<Assignment> parse(String yaml, String name, List<String> problems) {
        YamlSource source = new YamlSource(name, problems);
        source.text.root(yaml).ifPresent(source::root);
        return source.assignments;
    }

    private void root(Node root) {
        if (root instanceof MappingNode mapping) {
            mapping(mapping, "");
        } else if (!(root instanceof ScalarNode scalar && scalar.getValue().isEmpty())) {
            problems.add(text.place(root.getStartMark()) + ": a settings file is a map of keys to values");
        }
    }

    private void mapping(MappingNode mapping, String prefix) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                value(entry.getValueNode(), prefix + key.getValue(), text.place(key.getStartMark()));
            } else {
                problems.add(text.place(entry.getKeyNode().getStartMark()) + ": a key is a plain word");
            }
        }
    }

    private void value(Node node, String key, String origin) {
        if (!seen.add(node)) {
            // An alias can make a file stand for far more than its size.
            problems.add(origin + ": aliases are not taken; write the value of " + key + " out");
        } else if (node instanceof MappingNode mapping) {
            mapping(mapping, key + ".");
        } else if (node instanceof ScalarNode scalar) {
            assignments.add(new Assignment(key, scalar.getValue(), origin));
        } else if (node instanceof SequenceNode sequence) {
            elements(sequence, key, origin).ifPresent(text -> assignments.add(new Assignment(key, text, origin)));
        }
    }

    private Optional<String> elements(SequenceNode sequence, String key, String origin) {
        List<String> elements = new ArrayList<>();
        for (Node node : sequence.getValue()) {
            if (node instanceof ScalarNode scalar && scalar.getValue().indexOf(',') < 0) {
                elements.add(scalar.getValue());
            } else {
                problems.add(origin + ": the elements of " + key + " are plain texts without commas");
                return Optional.empty();
            }
        }
        return Optional.of(String.join(",", elements));
    }
}
