package dev.fairlead.gateway.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;

/** A turn as the agent has it that answers: the test decides its every word. */
final class ScriptedTurn {
    private final WsClient agent;
    private final String id;

    private ScriptedTurn(WsClient agent, String id) {
        this.agent = agent;
        this.id = id;
    }

    /** The next one that comes to the agent. */
    static ScriptedTurn next(WsClient agent) {
        return new ScriptedTurn(
                agent, agent.next("chat.turn").at("/data/turn_id").asText());
    }

    String id() {
        return id;
    }

    void says(String content) {
        ObjectNode frame = event("chunk");
        data(frame).put("content", content);
        agent.send(frame.toString());
    }

    /** Calls a tool, which answers that it was seen. */
    void uses(String call, String name) {
        ObjectNode begun = event("tool_call");
        data(begun).put("id", call).put("name", name).putObject("args").put("of", name);
        agent.send(begun.toString());
        ObjectNode ended = event("tool_result");
        data(ended).put("id", call).put("name", name).put("output", "seen by " + name);
        agent.send(ended.toString());
    }

    void ends(String whole) {
        ObjectNode frame = frame("chat.done");
        data(frame).put("full_response", whole);
        agent.send(frame.toString());
    }

    private ObjectNode event(String type) {
        ObjectNode frame = frame("chat.event");
        data(frame).put("type", type);
        return frame;
    }

    private ObjectNode frame(String subject) {
        ObjectNode frame = FrameCodec.object().put("subject", subject);
        frame.putObject("data").put("turn_id", id);
        return frame;
    }

    private static ObjectNode data(JsonNode frame) {
        return (ObjectNode) frame.get("data");
    }
}
