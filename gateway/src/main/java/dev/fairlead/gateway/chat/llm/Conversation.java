package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.protocol.FrameCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final ChatAgent.Provider provider;

    /**
     * For a turn.
     *
     * @param provider who is told
     * @param maxHistory characters of what was said before
     * @param functions whether the model may call any
     */
    Conversation(TurnContext turn, ChatAgent.Provider provider, int maxHistory, boolean functions) {
        this.provider = provider;
        this.turn = turn;
        this.maxHistory = maxHistory;
        this.functions = functions;
    }

    List<ModelMessage> messages(Instant now) {
        List<ModelMessage> messages = new ArrayList<>();
        String own = SystemPrompt.of(functions && turn.given().functions().isEmpty(), turn.pageHint(), now);
        messages.add(new ModelMessage.Instruction(
                turn.given().instructions().map(more -> own + "\n" + more).orElse(own)));
        messages.addAll(history());
        messages.add(new ModelMessage.User(turn.content()));
        messages.addAll(told(turn.given().since(), maxHistory));
        return messages;
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
            List<ModelMessage> told = told(turns.get(i), MOST_OLD_OUTPUT);
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

    /**
     * What was said, as the model is told it.
     *
     * @param mostOutput characters of what a function gave
     */
    List<ModelMessage> told(List<Said> said, int mostOutput) {
        List<ModelMessage> messages = new ArrayList<>();
        Round round = new Round(Optional.empty());
        for (Said one : said) {
            if (one instanceof Said.ToolCalled called && functions) {
                Optional<CallOrigin> origin = CallOrigin.from(called.origin(), provider);
                Optional<String> id = origin.map(CallOrigin::round);
                if (id.isPresent() ? !id.equals(round.id) : round.isAnswered()) {
                    round.flush(messages);
                    round = new Round(id);
                }
                round.called(called, origin);
            } else if (one instanceof Said.ToolAnswered answered && functions) {
                round.outputs.put(answered.id(), clip(answered.output(), mostOutput));
            } else if (one instanceof Said.User user) {
                messages.add(new ModelMessage.User(user.content()));
            } else if (one instanceof Said.Assistant assistant) {
                round.flush(messages);
                round = new Round(Optional.empty());
                messages.add(new ModelMessage.Assistant(assistant.content(), List.of()));
            }
        }
        round.flush(messages);
        return messages;
    }

    /** Calls that were made in one message. */
    private static final class Round {
        private final Optional<String> id;
        private final Map<String, FunctionCall> calls = new LinkedHashMap<>();
        private final Map<String, String> outputs = new LinkedHashMap<>();
        private ModelMessage.Assistant message = new ModelMessage.Assistant("", List.of());

        Round(Optional<String> id) {
            this.id = id;
        }

        boolean isAnswered() {
            return outputs.size() == calls.size();
        }

        void called(Said.ToolCalled called, Optional<CallOrigin> origin) {
            calls.put(
                    called.id(),
                    new FunctionCall(
                            origin.map(CallOrigin::id).orElse(called.id()),
                            called.name(),
                            called.args().toString(),
                            origin.map(CallOrigin::kept).orElseGet(FrameCodec::object)));
            origin.flatMap(CallOrigin::message).ifPresent(said -> message = said);
        }

        void flush(List<ModelMessage> messages) {
            if (!calls.isEmpty()) {
                messages.add(
                        new ModelMessage.Assistant(message.content(), List.copyOf(calls.values()), message.kept()));
                calls.forEach(
                        (own, call) -> messages.add(new ModelMessage.Output(call.id(), outputs.getOrDefault(own, ""))));
            }
        }
    }

    private static int size(ObjectNode kept) {
        return kept.isEmpty() ? 0 : kept.toString().length();
    }

    /** Characters of messages, as far as they are ours to count. */
    static int size(List<ModelMessage> messages) {
        return messages.stream().mapToInt(Conversation::size).sum();
    }

    private static int size(ModelMessage message) {
        if (message instanceof ModelMessage.Assistant assistant) {
            return assistant.content().length()
                    + assistant.calls().stream()
                            .mapToInt(call ->
                                    call.name().length() + call.arguments().length() + size(call.kept()))
                            .sum()
                    + size(assistant.kept());
        }
        return message instanceof ModelMessage.Output output
                ? output.content().length()
                : ((ModelMessage.User) message).content().length();
    }
}
