package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model sent with a call, as it is kept with the call, so that later turns can tell it again as it came.
 *
 * @param by who sent it: nobody else is told
 * @param round calls of one message have the same
 * @param id of the provider's
 * @param kept of the call
 * @param message of the message, with the round's first call only
 */
record CallOrigin(String by, String round, String id, ObjectNode kept, Optional<ModelMessage.Assistant> message) {
    private static final String CONTENT = "content";

    /** Of the calls of an answer, in their order. */
    static List<CallOrigin> of(ChatAgent.Provider provider, String round, Completion completion) {
        List<CallOrigin> origins = new ArrayList<>();
        for (FunctionCall call : completion.calls()) {
            origins.add(new CallOrigin(
                    by(provider),
                    round,
                    call.id(),
                    call.kept(),
                    origins.isEmpty() ? Optional.of(completion.message()) : Optional.empty()));
        }
        return origins;
    }

    /** As it was kept; empty where nothing was, or another provider or model sent it. */
    static Optional<CallOrigin> from(Optional<JsonNode> kept, ChatAgent.Provider provider) {
        return kept.filter(json -> json.path("by").asText().equals(by(provider)))
                .map(json -> new CallOrigin(
                        by(provider),
                        json.path("round").asText(),
                        json.path("id").asText(),
                        object(json.path("kept")),
                        Optional.of(json.path("message"))
                                .filter(JsonNode::isObject)
                                .map(message -> new ModelMessage.Assistant(
                                        message.path(CONTENT).asText(""), List.of(), object(message.path("kept"))))));
    }

    /** To be kept. */
    ObjectNode json() {
        ObjectNode json = FrameCodec.object().put("by", by).put("round", round).put("id", id);
        json.set("kept", kept);
        message.ifPresent(said -> {
            ObjectNode own = json.putObject("message");
            own.set("kept", said.kept());
            if (said.content().contains(ThinkTags.OPEN)) { // else the turn's answer has it
                own.put(CONTENT, said.content());
            }
        });
        return json;
    }

    private static ObjectNode object(JsonNode json) {
        return json instanceof ObjectNode object ? object : FrameCodec.object();
    }

    private static String by(ChatAgent.Provider provider) {
        return provider.name() + " " + provider.model().orElse("");
    }
}
