package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Lines to messages and back. Reads more than it writes: a key that stands twice in an object with the same value is
 * one (a library in use writes {@code sessionUpdate} and {@code type} so); with another value the line is none.
 */
final class AcpCodec {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory READER = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names come from strangers: they must not stay
            .build();

    private AcpCodec() {}

    /** What a line says; empty where it is no message. */
    static Optional<AcpMessage> read(String line) {
        JsonNode frame;
        try (JsonParser parser = READER.createParser(line)) {
            parser.nextToken();
            frame = value(parser);
            if (parser.nextToken() != null) {
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return frame.isObject() ? message(frame) : Optional.empty();
    }

    private static Optional<AcpMessage> message(JsonNode frame) {
        JsonNode id = frame.path("id");
        boolean identified = id.isTextual() || id.isIntegralNumber();
        if (frame.path("method").isTextual()) {
            String method = frame.get("method").textValue();
            JsonNode params = frame.path("params");
            if (id.isMissingNode()) {
                return Optional.of(new AcpMessage.Notification(method, params));
            }
            return identified ? Optional.of(new AcpMessage.Request(id, method, params)) : Optional.empty();
        }
        if (!identified) { // an error about a line that could not be read says no id, and is nobody's answer
            return Optional.empty();
        }
        JsonNode error = frame.path("error");
        if (error.isObject()) {
            return Optional.of(new AcpMessage.Failure(
                    id, error.path("code").asInt(), error.path("message").asText(), error.path("data")));
        }
        return frame.has("result") ? Optional.of(new AcpMessage.Result(id, frame.get("result"))) : Optional.empty();
    }

    /** A message as one line, its end included. */
    static byte[] write(AcpMessage message) {
        ObjectNode frame = NODES.objectNode().put("jsonrpc", "2.0");
        if (message instanceof AcpMessage.Request request) {
            frame.set("id", request.id());
            frame.put("method", request.method()).set("params", request.params());
        } else if (message instanceof AcpMessage.Notification notification) {
            frame.put("method", notification.method()).set("params", notification.params());
        } else if (message instanceof AcpMessage.Result result) {
            frame.set("id", result.id());
            frame.set("result", result.result());
        } else if (message instanceof AcpMessage.Failure failure) {
            frame.set("id", failure.id());
            ObjectNode error =
                    frame.putObject("error").put("code", failure.code()).put("message", failure.message());
            if (!(failure.data() instanceof MissingNode)) {
                error.set("data", failure.data());
            }
        }
        byte[] json = FrameCodec.encode(frame);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("an empty line");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IOException("no value");
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            JsonNode value = value(parser);
            JsonNode before = object.replace(name, value);
            if (before != null && !before.equals(value)) {
                throw new IOException("a key with two values");
            }
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }
}
