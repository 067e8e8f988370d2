package dev.fairlead.gateway.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.VisibleText;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a tool takes: an object of named values. It is told as a JSON Schema and held against what is given. */
public final class Parameters {
    /** Characters of the arguments in the audit trail. */
    private static final int AUDITED = 300;

    /** For a tool that takes nothing. */
    public static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, Parameter> all;

    private Parameters(Map<String, Parameter> all) {
        this.all = all;
    }

    public static Builder of() {
        return new Builder();
    }

    /** As a JSON Schema; nothing else than what stands in it is accepted. */
    public ObjectNode schema() {
        ObjectNode schema = FrameCodec.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        all.forEach((name, parameter) -> properties.set(name, parameter.schema()));
        all.forEach((name, parameter) -> {
            if (parameter.required()) {
                schema.withArray("required").add(name);
            }
        });
        return schema.put("additionalProperties", false);
    }

    /**
     * Checks arguments.
     *
     * @throws FairleadException {@code bad_request} that names the argument at fault and says what it must be
     */
    public void check(JsonNode args) {
        if (!args.isObject()) {
            throw refused("The arguments must be a JSON object");
        }
        for (Iterator<String> names = args.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!all.containsKey(name)) {
                throw refused("There is no argument of that name; this tool takes "
                        + (all.isEmpty() ? "none" : String.join(", ", all.keySet())));
            }
        }
        all.forEach((name, parameter) -> {
            JsonNode value = args.get(name);
            if (value == null || value.isNull()) {
                if (parameter.required()) {
                    throw refused("Argument '" + name + "' is missing");
                }
            } else {
                parameter.problem(value).ifPresent(must -> {
                    throw refused("Argument '" + name + "' " + must);
                });
            }
        });
    }

    /** The arguments without those whose values are nobody's business but the tool's. */
    public JsonNode shown(JsonNode args) {
        ObjectNode shown = FrameCodec.object();
        all.forEach((name, parameter) -> {
            JsonNode value = args.get(name);
            if (value != null) {
                shown.set(name, parameter.isPrivate() ? FrameCodec.toTree("…") : value);
            }
        });
        return shown;
    }

    /** What the audit trail has of the arguments. */
    public String audited(JsonNode args) {
        return VisibleText.cut(shown(args).toString(), AUDITED);
    }

    private static FairleadException refused(String message) {
        return new FairleadException(ErrorCode.BAD_REQUEST, message);
    }

    /** Collects parameters; those after {@link #optional} may be left out. */
    public static final class Builder {
        private final Map<String, Parameter> all = new LinkedHashMap<>();
        private boolean required = true;

        private Builder() {}

        /** What follows may be left out. */
        public Builder optional() {
            required = false;
            return this;
        }

        /** A text of at most that many characters. */
        public Builder text(String name, String description, int maxLength) {
            return add(name, new Parameter.Text(description, required, maxLength, Optional.empty()));
        }

        /** A text that matches. */
        public Builder text(String name, String description, int maxLength, String pattern) {
            return add(name, new Parameter.Text(description, required, maxLength, Optional.of(pattern)));
        }

        /** One of some texts. */
        public Builder choice(String name, String description, List<String> choices) {
            return add(name, new Parameter.Choice(description, required, choices));
        }

        /** A whole number within bounds. */
        public Builder number(String name, String description, int least, int most) {
            return add(name, new Parameter.Whole(description, required, least, most));
        }

        /** True or false. */
        public Builder flag(String name, String description) {
            return add(name, new Parameter.Flag(description, required));
        }

        /** Any JSON value, which is left out of the audit trail. */
        public Builder json(String name, String description, int maxBytes) {
            return add(name, new Parameter.Json(description, required, maxBytes));
        }

        public Parameters build() {
            return new Parameters(new LinkedHashMap<>(all));
        }

        private Builder add(String name, Parameter parameter) {
            all.put(name, parameter);
            return this;
        }
    }
}
