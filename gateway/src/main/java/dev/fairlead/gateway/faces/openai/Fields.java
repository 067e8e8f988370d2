package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the fields that requests of this API share. What is not known, or not meant for us, is passed over. */
final class Fields {
    /** Tools of a client. */
    private static final int MOST_TOOLS = 128;

    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Fields() {}

    /** The name of the model. */
    static String model(JsonNode body) {
        if (!body.isObject()) {
            throw new ApiError.Refusal(
                    new ApiError(400, "The body is a JSON object", Optional.empty(), "invalid_json", false));
        }
        JsonNode model = body.path("model");
        if (!model.isTextual() || model.textValue().isEmpty()) {
            throw new ApiError.Refusal(new ApiError(
                    400,
                    "Name a model, such as fairlead/operator; GET /v1/models lists them",
                    Optional.of("model"),
                    "missing_required_parameter",
                    false));
        }
        return model.textValue();
    }

    /** A field that is true or is not; null counts as missing. */
    static boolean flag(JsonNode body, String name) {
        JsonNode flag = body.path(name);
        if (!flag.isMissingNode() && !flag.isNull() && !flag.isBoolean()) {
            throw new ApiError.Refusal(ApiError.invalid(name, "Field '" + name + "' is true or false"));
        }
        return flag.asBoolean(false);
    }

    static Optional<String> text(JsonNode body, String name) {
        return Optional.of(body.path(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    /** The text of a content, which is one string or parts; of a part that is no text its kind is left. */
    static String content(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        List<String> parts = new ArrayList<>();
        content.forEach(part -> {
            if (part.isTextual()) {
                parts.add(part.textValue());
            } else {
                text(part, "text")
                        .or(() -> text(part, "refusal"))
                        .or(() -> text(part, "type").map(type -> "(" + type + " left out: only text is taken)"))
                        .ifPresent(parts::add);
            }
        });
        return String.join("\n", parts);
    }

    /** The client's tools that are functions, as either call of the API has them. */
    static List<Given.Function> functions(JsonNode tools) {
        Map<String, Given.Function> functions = new LinkedHashMap<>();
        for (JsonNode tool : tools) {
            if (text(tool, "type").filter("function"::equals).isPresent()) {
                JsonNode function = tool.path("function").isObject() ? tool.path("function") : tool;
                String name = text(function, "name").orElse("");
                if (!FUNCTION.matcher(name).matches()) {
                    throw new ApiError.Refusal(ApiError.invalid(
                            "tools", "The name of a function is 1 to 64 letters, digits, hyphens and underscores"));
                }
                JsonNode parameters = function.path("parameters");
                functions.put(
                        name,
                        new Given.Function(
                                name,
                                text(function, "description").orElse(""),
                                parameters.isObject() ? parameters : noParameters()));
            }
        }
        if (functions.size() > MOST_TOOLS) {
            throw new ApiError.Refusal(ApiError.invalid("tools", "There are at most " + MOST_TOOLS + " tools"));
        }
        return List.copyOf(functions.values());
    }

    /** Which function must be called, in the words of chat completions. */
    static Optional<JsonNode> choice(JsonNode choice) {
        if (choice.isTextual()) {
            return Optional.of(choice);
        }
        JsonNode function = choice.path("function").isObject() ? choice.path("function") : choice;
        return text(function, "name").map(name -> {
            ObjectNode named = FrameCodec.object().put("type", "function");
            named.putObject("function").put("name", name);
            return named;
        });
    }

    private static JsonNode noParameters() {
        ObjectNode schema = FrameCodec.object().put("type", "object");
        schema.putObject("properties");
        return schema;
    }
}
