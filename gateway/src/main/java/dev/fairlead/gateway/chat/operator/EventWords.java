package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** Puts into words what happened. */
final class EventWords {
    /** Of the newest; an answer is to be read. */
    private static final int MOST_ROWS = 200;

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
        int left = Math.max(0, events.size() - MOST_ROWS);
        boolean whole = output.path("whole").asBoolean(true);
        String rows = events.stream().skip(left).map(EventWords::row).collect(Collectors.joining("\n"));
        return "What happened " + when
                + (left == 0 && whole
                        ? ""
                        : ", the latest " + (events.size() - left)
                                + (whole ? " of " + events.size() : "; the page Events has what was before"))
                + ":\n" + rows;
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
            case "approval_event" ->
                event.path("kind").asText() + " approval of "
                        + event.path("subject").asText() + ": "
                        + event.path("status").asText();
            case "error" -> event.path("component").asText() + " failed" + detail(event, "message");
            default -> event.path("type").asText().replace('_', ' ');
        };
    }

    private static String detail(JsonNode event, String name) {
        return event.hasNonNull(name) ? " (" + event.path(name).asText() + ")" : "";
    }
}
