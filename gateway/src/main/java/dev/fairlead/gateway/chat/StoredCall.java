package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.tools.ToolBox;
import java.util.List;
import java.util.Optional;

/** A call of a turn that goes on, which was made before the restart and has come to its end. */
record StoredCall(String name, JsonNode args, ToolBox.Outcome outcome, Optional<JsonNode> origin) {

    static StoredCall of(
            String id, String name, JsonNode args, String status, String output, Optional<JsonNode> origin) {
        ToolBox.Status how =
                switch (status) {
                    case "ok" -> ToolBox.Status.OK;
                    case "denied" -> ToolBox.Status.DENIED;
                    case "expired" -> ToolBox.Status.EXPIRED;
                    default -> ToolBox.Status.FAILED;
                };
        return new StoredCall(name, args, new ToolBox.Outcome(id, name, how, output), origin);
    }

    /** As an agent is told it. */
    List<Said> said() {
        return List.of(
                new Said.ToolCalled(outcome.id(), name, args, origin),
                new Said.ToolAnswered(outcome.id(), name, outcome.output()));
    }
}
