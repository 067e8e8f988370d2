package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came with a message, as JSON. The client's own JSON is text within it: it may be nested as deep as any, and this
 * would be deeper. Plain functions.
 */
final class GivenText {
    /** Characters: several times the largest request, as what a response before left comes on top. */
    static final int MOST = 4_000_000;

    private GivenText() {}

    /** As text, which is empty for nothing; none where it is longer than {@link #MOST}. */
    static Optional<String> of(Given given) {
        if (given.equals(Given.NOTHING)) {
            return Optional.of("");
        }
        ObjectNode json = FrameCodec.object().put("trust", given.trust().name());
        given.instructions().ifPresent(text -> json.put("instructions", text));
        given.history().ifPresent(history -> put(json.putArray("history"), history));
        put(json.putArray("since"), given.since());
        ArrayNode functions = json.putArray("functions");
        given.functions().forEach(function -> functions
                .addObject()
                .put("name", function.name())
                .put("description", function.description())
                .put("parameters", FrameCodec.text(function.parameters())));
        given.traceparent().ifPresent(trace -> json.put("traceparent", trace));
        given.choice().ifPresent(choice -> json.put("choice", FrameCodec.text(choice)));
        return Optional.of(FrameCodec.text(json)).filter(text -> text.length() <= MOST);
    }

    /** From text; empty where it is none of {@link #of}. */
    static Optional<Given> read(String text) {
        if (text.isEmpty()) {
            return Optional.of(Given.NOTHING);
        }
        try {
            JsonNode json = FrameCodec.tree(text);
            List<Given.Function> functions = new ArrayList<>();
            for (JsonNode function : json.path("functions")) {
                functions.add(new Given.Function(
                        function.path("name").asText(),
                        function.path("description").asText(),
                        FrameCodec.tree(function.path("parameters").asText())));
            }
            return Optional.of(new Given(
                    text(json, "instructions"),
                    json.has("history") ? Optional.of(said(json.path("history"))) : Optional.empty(),
                    said(json.path("since")),
                    functions,
                    text(json, "choice").map(FrameCodec::tree),
                    Given.Trust.valueOf(json.path("trust").asText()),
                    text(json, "traceparent")));
        } catch (FairleadException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static void put(ArrayNode list, List<Said> said) {
        for (Said one : said) {
            ObjectNode json = list.addObject();
            if (one instanceof Said.User user) {
                json.put("user", user.content());
            } else if (one instanceof Said.Assistant assistant) {
                json.put("assistant", assistant.content());
            } else if (one instanceof Said.ToolCalled called) {
                json.put("call", called.id()).put("name", called.name()).put("args", FrameCodec.text(called.args()));
                called.origin().ifPresent(origin -> json.put("origin", FrameCodec.text(origin)));
            } else if (one instanceof Said.ToolAnswered answered) {
                json.put("result", answered.id()).put("name", answered.name()).put("output", answered.output());
            }
        }
    }

    private static List<Said> said(JsonNode list) {
        List<Said> said = new ArrayList<>();
        for (JsonNode json : list) {
            if (json.has("user")) {
                said.add(new Said.User(json.path("user").asText()));
            } else if (json.has("assistant")) {
                said.add(new Said.Assistant(json.path("assistant").asText()));
            } else if (json.has("call")) {
                said.add(new Said.ToolCalled(
                        json.path("call").asText(),
                        json.path("name").asText(),
                        FrameCodec.tree(json.path("args").asText()),
                        text(json, "origin").map(FrameCodec::tree)));
            } else {
                said.add(new Said.ToolAnswered(
                        json.path("result").asText(),
                        json.path("name").asText(),
                        json.path("output").asText()));
            }
        }
        return said;
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field)).map(JsonNode::asText);
    }
}
