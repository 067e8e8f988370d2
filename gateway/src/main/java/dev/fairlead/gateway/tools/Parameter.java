package dev.fairlead.gateway.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One value a tool takes. */
sealed interface Parameter {
    String description();

    boolean required();

    /** The value's JSON Schema. */
    ObjectNode schema();

    /** What a value that does not fit must be; empty for one that fits. */
    Optional<String> problem(JsonNode value);

    /** Whether the value stays out of the audit trail. */
    default boolean isPrivate() {
        return false;
    }

    private static ObjectNode described(String type, String description) {
        return FrameCodec.object().put("type", type).put("description", description);
    }

    record Text(String description, boolean required, int maxLength, Optional<String> pattern) implements Parameter {
        @Override
        public ObjectNode schema() {
            ObjectNode schema = described("string", description).put("maxLength", maxLength);
            pattern.ifPresent(rule -> schema.put("pattern", "^(?:" + rule + ")$"));
            return schema;
        }

        @Override
        public Optional<String> problem(JsonNode value) {
            if (!value.isTextual() || value.textValue().length() > maxLength) {
                return Optional.of("must be a text of at most " + maxLength + " characters");
            }
            return pattern.filter(rule -> !Pattern.matches(rule, value.textValue()))
                    .map(rule -> "must match " + rule);
        }
    }

    record Choice(String description, boolean required, List<String> choices) implements Parameter {
        @Override
        public ObjectNode schema() {
            ObjectNode schema = described("string", description);
            choices.forEach(schema.withArray("enum")::add);
            return schema;
        }

        @Override
        public Optional<String> problem(JsonNode value) {
            return value.isTextual() && choices.contains(value.textValue())
                    ? Optional.empty()
                    : Optional.of("must be one of " + String.join(", ", choices));
        }
    }

    record Whole(String description, boolean required, int least, int most) implements Parameter {
        @Override
        public ObjectNode schema() {
            return described("integer", description).put("minimum", least).put("maximum", most);
        }

        @Override
        public Optional<String> problem(JsonNode value) {
            return value.isIntegralNumber()
                            && value.canConvertToInt()
                            && value.intValue() >= least
                            && value.intValue() <= most
                    ? Optional.empty()
                    : Optional.of("must be a whole number from " + least + " to " + most);
        }
    }

    record Flag(String description, boolean required) implements Parameter {
        @Override
        public ObjectNode schema() {
            return described("boolean", description);
        }

        @Override
        public Optional<String> problem(JsonNode value) {
            return value.isBoolean() ? Optional.empty() : Optional.of("must be true or false");
        }
    }

    record Json(String description, boolean required, int maxBytes) implements Parameter {
        @Override
        public ObjectNode schema() {
            return FrameCodec.object().put("description", description());
        }

        @Override
        public Optional<String> problem(JsonNode value) {
            return FrameCodec.encode(value).length <= maxBytes
                    ? Optional.empty()
                    : Optional.of("must be JSON of at most " + maxBytes + " bytes");
        }

        @Override
        public boolean isPrivate() {
            return true;
        }
    }
}
