package dev.fairlead.gateway.tools;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All tools there are, by name, in the order they are offered. Immutable. */
public final class ToolRegistry {
    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final List<ToolDefinition> definitions;

    /**
     * Makes a registry.
     *
     * @throws IllegalArgumentException where two tools have one name
     */
    public ToolRegistry(List<Tool> all) {
        for (Tool tool : all) {
            if (tools.putIfAbsent(tool.definition().name(), tool) != null) {
                throw new IllegalArgumentException(
                        "Two tools are named " + tool.definition().name());
            }
        }
        this.definitions = all.stream().map(Tool::definition).toList();
    }

    public Optional<Tool> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /** The same list each time. */
    public List<ToolDefinition> definitions() {
        return definitions;
    }
}
