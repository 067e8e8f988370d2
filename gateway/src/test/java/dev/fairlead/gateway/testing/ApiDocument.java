package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One of the two documents of the contract, and the schemas in it. Safe for any thread. */
public final class ApiDocument {
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final ObjectNode root;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    private ApiDocument(ObjectNode root) {
        this.root = root;
    }

    /** Reads one as the gateway serves it. */
    static ApiDocument load(String resource) {
        try (InputStream in = ApiDocument.class.getResourceAsStream(resource)) {
            return new ApiDocument((ObjectNode) new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode root() {
        return root;
    }

    /** The node a JSON pointer leads to, through a reference at its end. */
    JsonNode at(String pointer) {
        return root.at(resolved(pointer));
    }

    /** Where a node really stands, which may be behind a reference. */
    String resolved(String pointer) {
        JsonNode reference = root.at(pointer).path("$ref");
        return reference.isTextual() ? resolved(reference.textValue().substring(1)) : pointer;
    }

    /** What is wrong with a value under the schema at {@code pointer}; empty for nothing. */
    Set<ValidationMessage> faults(String pointer, JsonNode value) {
        return schemas.computeIfAbsent(pointer, this::schema).validate(value);
    }

    /** The names below a node. */
    Iterable<String> names(String pointer) {
        Iterator<String> names = at(pointer).fieldNames();
        return () -> names;
    }

    /** The name below {@code pointer} that has the shape of a path: equal but for its variable parts. */
    static boolean fits(String template, String path) {
        String[] expected = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (expected.length != given.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].startsWith("{") && !expected[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }

    /** A name as one step of a JSON pointer. */
    static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** Whether there is something at a pointer. */
    Optional<String> existing(String pointer) {
        return root.at(JsonPointer.compile(pointer)).isMissingNode() ? Optional.empty() : Optional.of(pointer);
    }

    /** References in the document are relative to its root, so the schema is the whole document with one more. */
    private JsonSchema schema(String pointer) {
        ObjectNode whole = root.deepCopy();
        whole.put("$ref", "#" + pointer);
        return SCHEMAS.getSchema(whole);
    }
}
