package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Function calls, put together from their pieces. OpenAI sends a call's id and name once and then pieces of its
 * arguments under its index; others leave the index or the id out, send 0 or a new one always, or count pieces instead
 * of calls. What tells is the name: a piece with one begins a call, a piece without goes on with one.
 */
final class PartialCalls {
    static final int MOST_ARGUMENTS = 64 * 1024;
    static final int MOST_CALLS = 64;

    private static final Set<String> READ = Set.of("index", "id", "type", "function");
    private static final int NO_INDEX = -1;

    private static final class PartialCall {
        private String id = "";
        private String name = "";
        private final int index;
        private final StringBuilder arguments = new StringBuilder();
        private final KeptFields kept = new KeptFields();

        PartialCall(int index) {
            this.index = index;
        }

        boolean isWhole() {
            return isObject(arguments.toString());
        }

        boolean fits(int asked) {
            return asked == NO_INDEX || index == NO_INDEX || asked == index;
        }
    }

    /** What a piece says. */
    private record Piece(int index, String id, String name, String arguments) {
        static Piece of(JsonNode json) {
            JsonNode function = json.path("function");
            JsonNode arguments = function.path("arguments");
            return new Piece(
                    json.path("index").isInt() ? json.get("index").intValue() : NO_INDEX,
                    json.path("id").asText(""),
                    function.path("name").isTextual() ? function.get("name").textValue() : "",
                    arguments.isTextual() ? arguments.textValue() : arguments.isObject() ? arguments.toString() : "");
        }
    }

    private final List<PartialCall> calls = new ArrayList<>();
    /** Which one the last piece was of. */
    private Optional<PartialCall> open = Optional.empty();

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /**
     * Takes a piece.
     *
     * @throws ModelFailure where there are more, or longer ones, than can be
     */
    void take(JsonNode json) {
        Piece piece = Piece.of(json);
        PartialCall call = piece.name().isEmpty() ? goesOn(piece) : begins(piece);
        open = Optional.of(call);
        boolean repeated = !piece.name().isEmpty()
                && call.arguments.length() > 0
                && call.arguments.toString().equals(piece.arguments());
        if (call.id.isEmpty()) {
            call.id = piece.id();
        }
        if (call.name.isEmpty()) {
            call.name = piece.name();
        }
        if (!repeated) {
            call.arguments.append(piece.arguments());
            CompletionReader.bound(call.arguments.length(), MOST_ARGUMENTS, "function call");
        }
        call.kept.take(json, READ);
    }

    /** The calls; ids are ours where the provider gave none, or the same twice. */
    List<FunctionCall> whole() {
        List<FunctionCall> whole = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (PartialCall call : calls) {
            if (call.name.isEmpty() && call.arguments.length() == 0) {
                continue; // announced, and thought better of
            }
            if (call.name.isEmpty()) {
                throw ModelFailure.of(
                        ModelFailure.Kind.PROTOCOL, "The model's endpoint sent a function call without a name");
            }
            String id = call.id;
            for (int i = whole.size(); id.isEmpty() || ids.contains(id); i++) {
                id = "call_" + i;
            }
            ids.add(id);
            whole.add(new FunctionCall(id, call.name, call.arguments.toString(), call.kept.tree()));
        }
        return whole;
    }

    private PartialCall begins(Piece piece) {
        Optional<PartialCall> same = last(call -> !piece.id().isEmpty() && call.id.equals(piece.id()))
                .filter(call -> call.name.isEmpty() || call.name.equals(piece.name()))
                .filter(call -> !call.isWhole() || call.arguments.toString().equals(piece.arguments()));
        if (same.isPresent()) {
            return same.get(); // its name came again
        }
        Optional<PartialCall> nameless = last(call -> call.fits(piece.index()) && call.name.isEmpty());
        if (nameless.isPresent()) {
            return nameless.get();
        }
        return open.filter(call -> call.name.equals(piece.name()) && call.fits(piece.index()) && !call.isWhole())
                .filter(call -> piece.id().isEmpty() || isTail(call, piece))
                .orElseGet(() -> add(piece.index()));
    }

    private static boolean isTail(PartialCall call, Piece piece) {
        return call.arguments.length() > 0 && !piece.arguments().startsWith("{");
    }

    private PartialCall goesOn(Piece piece) {
        Optional<PartialCall> known = last(call -> !piece.id().isEmpty() && call.id.equals(piece.id()));
        if (known.isEmpty() && piece.index() != NO_INDEX) {
            known = last(call -> call.index == piece.index());
        }
        boolean announced = piece.arguments().isEmpty() && !piece.id().isEmpty();
        return known.or(() -> announced ? Optional.empty() : open).orElseGet(() -> add(piece.index()));
    }

    private Optional<PartialCall> last(Predicate<PartialCall> wanted) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (wanted.test(calls.get(i))) {
                return Optional.of(calls.get(i));
            }
        }
        return Optional.empty();
    }

    private PartialCall add(int index) {
        CompletionReader.bound(calls.size() + 1, MOST_CALLS, "list of function calls");
        PartialCall call = new PartialCall(index);
        calls.add(call);
        return call;
    }

    /** Whether it is the JSON of an object, whole. */
    static boolean isObject(String text) {
        try {
            return text.startsWith("{") && FrameCodec.tree(text).isObject();
        } catch (FairleadException e) {
            return false;
        }
    }
}
