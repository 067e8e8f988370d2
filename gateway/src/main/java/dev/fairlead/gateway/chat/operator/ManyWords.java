package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Puts into words what became of many instances at once. */
final class ManyWords {
    private ManyWords() {}

    static String acted(Intent.ActOnMany asked, JsonNode output) {
        List<JsonNode> rows = Words.list(output.path("results"));
        if (rows.isEmpty()) {
            return "No instance has the label " + asked.selector() + ".";
        }
        List<String> parts = new ArrayList<>();
        add(parts, output.path("done").asInt(), verb(asked.action()));
        add(parts, output.path("unchanged").asInt(), "as they were");
        add(parts, output.path("refused").asInt(), "refused");
        return String.join(", ", parts) + ":\n" + Words.rows(rows, ManyWords::row);
    }

    private static void add(List<String> parts, int many, String what) {
        if (many > 0) {
            parts.add(many + " " + what);
        }
    }

    private static String verb(String action) {
        return switch (action) {
            case "start" -> "starting";
            case "stop" -> "stopping";
            default -> "restarting";
        };
    }

    private static String row(JsonNode one) {
        return "- " + one.path("name").asText() + ": " + one.path("status").asText("gone")
                + (one.hasNonNull("message") ? " (" + one.path("message").asText() + ")" : "");
    }
}
