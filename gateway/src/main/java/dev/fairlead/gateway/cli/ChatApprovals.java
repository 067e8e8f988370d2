package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The calls of tools that wait for a person, in the order in which they were made. Plain state. */
final class ChatApprovals {
    private final Map<String, JsonNode> waiting = new LinkedHashMap<>();
    private final Set<String> ours = new HashSet<>();

    /**
     * Takes note of a call, or of what came of one; other frames change nothing.
     *
     * @param own whether it belongs to the turn of our own message
     */
    void hear(JsonNode frame, boolean own) {
        String id = frame.path("id").asText();
        if (frame.path("type").asText().equals("tool_result")) {
            settled(id);
        } else if (frame.has("approval")) {
            waiting.put(id, frame);
            if (own) {
                ours.add(id);
            }
        }
    }

    void settled(String id) {
        waiting.remove(id);
        ours.remove(id);
    }

    void clear() {
        waiting.clear();
        ours.clear();
    }

    Optional<String> first() {
        return waiting.keySet().stream().findFirst();
    }

    boolean isOurs(String id) {
        return ours.contains(id);
    }

    List<JsonNode> all() {
        return List.copyOf(waiting.values());
    }
}
