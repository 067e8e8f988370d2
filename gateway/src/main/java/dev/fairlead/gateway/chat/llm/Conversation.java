package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.chat.turn.TurnContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model is told before it answers: what it is, what was said before as far as there is room, what the user says
 * now.
 */
final class Conversation {
    /** Of what a function gave in an earlier turn: it may have changed since. */
    private static final int MOST_OLD_OUTPUT = 2_000;

    private static final String CUT = "… (cut)";

    private final TurnContext turn;
    private final int maxHistory;
    private final boolean functions;

    /**
     * For a turn.
     *
     * @param maxHistory characters of what was said before
     * @param functions whether the model may call any
     */
    Conversation(TurnContext turn, int maxHistory, boolean functions) {
        this.turn = turn;
        this.maxHistory = maxHistory;
        this.functions = functions;
    }

    List<ModelMessage> messages(Instant now) {
        List<ModelMessage> messages = new ArrayList<>();
        messages.add(new ModelMessage.Instruction(SystemPrompt.of(functions, turn.pageHint(), now)));
        messages.addAll(history());
        messages.add(new ModelMessage.User(turn.content()));
        return messages;
    }

    /** The gateway's tools as functions. */
    List<FunctionSpec> functions() {
        return turn.tools().offered().stream()
                .map(tool -> new FunctionSpec(
                        tool.name(), tool.description(), tool.parameters().schema()))
                .toList();
    }

    /** A text of at most {@code most} characters; what was longer says so. */
    static String clip(String text, int most) {
        return text.length() <= most ? text : text.substring(0, Math.max(0, most - CUT.length())) + CUT;
    }

    /** Whole turns, the latest that fit: a model that is told half of one is misled. */
    private List<ModelMessage> history() {
        List<List<Said>> turns = turns();
        List<ModelMessage> messages = new ArrayList<>();
        int room = maxHistory;
        for (int i = turns.size() - 1; i >= 0; i--) {
            List<ModelMessage> told = told(turns.get(i));
            room -= told.stream().mapToInt(Conversation::size).sum();
            if (room < 0) {
                break;
            }
            messages.addAll(0, told);
        }
        return messages;
    }

    /** Split before each thing the user said; what stands before the first is half a turn and left out. */
    private List<List<Said>> turns() {
        List<List<Said>> turns = new ArrayList<>();
        for (Said said : turn.history()) {
            if (said instanceof Said.User) {
                turns.add(new ArrayList<>());
            }
            if (!turns.isEmpty()) {
                turns.get(turns.size() - 1).add(said);
            }
        }
        return turns;
    }

    private List<ModelMessage> told(List<Said> said) {
        List<ModelMessage> messages = new ArrayList<>();
        Map<String, FunctionCall> calls = new LinkedHashMap<>();
        Map<String, String> outputs = new LinkedHashMap<>();
        for (Said one : said) {
            if (one instanceof Said.ToolCalled called && functions) {
                if (outputs.size() == calls.size()) {
                    flush(messages, calls, outputs); // all before are answered: another round
                }
                calls.put(
                        called.id(),
                        new FunctionCall(
                                called.id(), called.name(), called.args().toString()));
            } else if (one instanceof Said.ToolAnswered answered && functions) {
                outputs.put(answered.id(), clip(answered.output(), MOST_OLD_OUTPUT));
            } else if (one instanceof Said.User user) {
                messages.add(new ModelMessage.User(user.content()));
            } else if (one instanceof Said.Assistant assistant) {
                flush(messages, calls, outputs);
                messages.add(new ModelMessage.Assistant(assistant.content(), List.of()));
            }
        }
        flush(messages, calls, outputs);
        return messages;
    }

    private static void flush(
            List<ModelMessage> messages, Map<String, FunctionCall> calls, Map<String, String> outputs) {
        if (!calls.isEmpty()) {
            messages.add(new ModelMessage.Assistant("", List.copyOf(calls.values())));
            calls.keySet().forEach(id -> messages.add(new ModelMessage.Output(id, outputs.getOrDefault(id, ""))));
        }
        calls.clear();
        outputs.clear();
    }

    private static int size(ModelMessage message) {
        if (message instanceof ModelMessage.Assistant assistant) {
            return assistant.content().length()
                    + assistant.calls().stream()
                            .mapToInt(call ->
                                    call.name().length() + call.arguments().length())
                            .sum();
        }
        return message instanceof ModelMessage.Output output
                ? output.content().length()
                : ((ModelMessage.User) message).content().length();
    }
}
