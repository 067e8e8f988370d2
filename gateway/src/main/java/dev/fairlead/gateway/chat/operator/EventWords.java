package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Puts into words what happened. */
final class EventWords {
    private EventWords() {}

    /** What {@code recent_events} said; turns of chats, this one among them, are not what was asked for. */
    static String happened(int minutes, JsonNode output) {
        List<JsonNode> events = Words.list(output.path("events")).stream()
                .filter(event -> !event.path("type").asText().startsWith("agent_"))
                .toList();
        String when = "in the last " + Words.count(minutes, "minute");
        if (events.isEmpty()) {
            return "Nothing happened " + when + ".";
        }
        return "What happened " + when + ":\n" + Words.rows(events, EventWords::row)
                + (output.path("whole").asBoolean(true) ? "" : "\nMore happened before that; the page Events has it.");
    }

    private static String row(JsonNode event) {
        String at = event.path("timestamp").asText();
        return "- " + (at.length() >= 19 ? at.substring(11, 19) + " " : "") + what(event);
    }

    private static String what(JsonNode event) {
        return switch (event.path("type").asText()) {
            case "instance_event" ->
                "instance " + event.path("name").asText() + ": "
                        + event.path("event").asText().replace('_', ' ') + ", "
                        + event.path("status").asText();
            case "channel_event" ->
                event.path("name").asText() + ": "
                        + event.path("event").asText().replace('_', ' ') + detail(event, "detail");
            case "token_event" ->
                "the upstream token is " + event.path("state").asText().replace('_', ' ') + detail(event, "reason");
            case "order_event" ->
                "order of " + event.path("agent").asText() + " for "
                        + event.path("symbol").asText() + ": "
                        + event.path("status").asText().replace('_', ' ');
            default -> event.path("component").asText() + " failed" + detail(event, "message");
        };
    }

    private static String detail(JsonNode event, String name) {
        return event.hasNonNull(name) ? " (" + event.path(name).asText() + ")" : "";
    }
}
