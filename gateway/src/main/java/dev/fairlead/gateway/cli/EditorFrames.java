package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.faces.acp.AcpTurn;
import dev.fairlead.protocol.FrameCodec;

/** Frames of the chat in the words of ACP. */
final class EditorFrames {
    /** How the output of a tool begins that did nothing. */
    private static final String REFUSED = "{\"error\":";

    private EditorFrames() {}

    /** Tells what was said in a turn that has ended: its text is that of its end. */
    static void tell(JsonNode frame, AcpTurn turn) {
        switch (frame.path("type").asText()) {
            case "agent_event" -> {
                if (frame.at("/event/type").asText().equals("user_message")) {
                    turn.user(frame.at("/event/content").asText());
                }
            }
            case "done" -> turn.say(frame.path("full_response").asText());
            case "tool_call" -> turn.call(call(frame), false);
            case "tool_result" -> result(frame, turn);
            default -> {}
        }
    }

    static void result(JsonNode frame, AcpTurn turn) {
        String output = frame.path("output").asText();
        turn.ended(frame.path("id").asText(), !output.startsWith(REFUSED), output);
    }

    static AcpTurn.Call call(JsonNode frame) {
        String name = frame.path("name").asText();
        boolean looks = name.matches("(get|list|read|search|recent)_.*");
        return new AcpTurn.Call(
                frame.path("id").asText(),
                name,
                looks ? "read" : "other",
                frame.path("args"),
                FrameCodec.object().arrayNode());
    }
}
