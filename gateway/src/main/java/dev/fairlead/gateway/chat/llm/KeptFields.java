package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fields of a message or a call that only its provider understands, put together from their pieces: a thinking model
 * wants its thoughts back ({@code reasoning_content}, {@code reasoning_details}), another its signatures
 * ({@code extra_content}), and refuses a conversation that lacks them.
 */
final class KeptFields {
    /** Texts that come in pieces; of any other field the last value stands. */
    private static final Set<String> PIECES =
            Set.of("reasoning_content", "reasoning", "reasoning_text", "thinking", "text", "summary");

    /** By name: a {@code StringBuilder}, a {@code KeptFields}, a {@code List} of those and of values, or a value. */
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** Takes a further piece, all of its fields but those. */
    void take(JsonNode piece, Set<String> but) {
        piece.properties().forEach(field -> {
            if (!but.contains(field.getKey()) && !field.getValue().isNull()) {
                take(field.getKey(), field.getValue());
            }
        });
    }

    /** All of it. */
    ObjectNode tree() {
        ObjectNode tree = FrameCodec.object();
        fields.forEach((name, value) -> {
            if (value instanceof List<?> list) {
                ArrayNode array = tree.putArray(name);
                list.forEach(element -> array.add(node(element)));
            } else {
                tree.set(name, node(value));
            }
        });
        return tree;
    }

    private static JsonNode node(Object value) {
        if (value instanceof KeptFields inner) {
            return inner.tree();
        }
        return value instanceof StringBuilder text ? FrameCodec.toTree(text.toString()) : (JsonNode) value;
    }

    private void take(String name, JsonNode value) {
        Object known = fields.get(name);
        if (value.isTextual() && PIECES.contains(name)) {
            StringBuilder text = known instanceof StringBuilder begun ? begun : new StringBuilder();
            fields.put(name, text.append(value.textValue()));
        } else if (value.isObject()) {
            KeptFields inner = known instanceof KeptFields begun ? begun : new KeptFields();
            inner.take(value, Set.of());
            fields.put(name, inner);
        } else if (value.isArray()) {
            if (!value.isEmpty()) {
                List<Object> list = new ArrayList<>(known instanceof List<?> begun ? begun : List.of());
                value.forEach(element -> add(list, element));
                fields.put(name, list);
            }
        } else {
            fields.put(name, value);
        }
    }

    private static void add(List<Object> list, JsonNode element) {
        if (!element.isObject()) {
            list.add(element);
            return;
        }
        if (!list.isEmpty() && list.get(list.size() - 1) instanceof KeptFields last && last.goesOnWith(element)) {
            last.take(element, Set.of());
            return;
        }
        KeptFields added = new KeptFields();
        added.take(element, Set.of());
        list.add(added);
    }

    /** A further piece of the same text, or its signature; what is encrypted comes whole. */
    private boolean goesOnWith(JsonNode element) {
        boolean piece = element.path("text").isTextual()
                || element.path("summary").isTextual()
                || element.path("signature").isTextual();
        return piece
                && element.path("type").equals(tree("type"))
                && same(element.path("index"), tree("index"))
                && same(element.path("id"), tree("id"));
    }

    private JsonNode tree(String name) {
        return fields.get(name) instanceof JsonNode value
                ? value
                : FrameCodec.object().path(name);
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return one.isMissingNode() || one.isNull() || other.isMissingNode() || one.equals(other);
    }
}
