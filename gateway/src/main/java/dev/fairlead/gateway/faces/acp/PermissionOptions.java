package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * The options of a {@code session/request_permission}. They are chosen by what they are, never by their place or id:
 * agents name them as they like and put {@code allow_always} first.
 */
record PermissionOptions(JsonNode options) {
    private static final List<String> ALLOW = List.of("allow_once", "allow_always");
    private static final List<String> REJECT = List.of("reject_once", "reject_always");

    /** The answer to the agent for what a person said; where it has no option for that, nothing was chosen. */
    ObjectNode outcome(boolean allow) {
        return chosen(allow)
                .map(option -> {
                    ObjectNode outcome = JsonNodeFactory.instance.objectNode();
                    outcome.putObject("outcome")
                            .put("outcome", "selected")
                            .put("optionId", option.path("optionId").asText());
                    return outcome;
                })
                .orElseGet(PermissionOptions::cancelled);
    }

    /** The answer where the turn was cancelled, or nobody can be asked. */
    static ObjectNode cancelled() {
        ObjectNode outcome = JsonNodeFactory.instance.objectNode();
        outcome.putObject("outcome").put("outcome", "cancelled");
        return outcome;
    }

    /** What a person allows by a yes, in the agent's words, where that is more than this once. */
    Optional<String> allowsMore() {
        return chosen(true)
                .filter(option -> !option.path("kind").asText().equals(ALLOW.get(0)))
                .map(option -> option.path("name").asText());
    }

    private Optional<JsonNode> chosen(boolean allow) {
        for (String kind : allow ? ALLOW : REJECT) {
            for (JsonNode option : options) {
                if (option.path("kind").asText().equals(kind)
                        && option.path("optionId").isTextual()) {
                    return Optional.of(option);
                }
            }
        }
        return Optional.empty();
    }
}
