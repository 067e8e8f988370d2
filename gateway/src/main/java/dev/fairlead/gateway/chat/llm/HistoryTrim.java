package dev.fairlead.gateway.chat.llm;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a conversation fit what a model holds: what functions gave goes first, oldest first, for it can be asked for
 * again; then whole turns, oldest first. What the user says now, and the round before this one, always stay.
 *
 * @param outputs how many results were left out
 * @param turns how many turns
 */
record HistoryTrim(List<ModelMessage> messages, int outputs, int turns) {
    private static final String LEFT_OUT = "(left out to make room; call again if you need it)";

    /** Leaves out what makes up for {@code excess} characters, if there is as much. */
    static HistoryTrim of(List<ModelMessage> whole, long excess) {
        List<ModelMessage> messages = new ArrayList<>(whole);
        int outputs = 0;
        long left = excess;
        for (int i = 0; i < messages.size() && left > 0; i++) {
            if (messages.get(i) instanceof ModelMessage.Output output
                    && output.content().length() > LEFT_OUT.length()
                    && i < latestRound(messages)) {
                messages.set(i, new ModelMessage.Output(output.callId(), LEFT_OUT));
                left -= output.content().length() - LEFT_OUT.length();
                outputs++;
            }
        }
        int turns = 0;
        while (left > 0) {
            int first = nextUser(messages, 0);
            int second = nextUser(messages, first + 1);
            if (second < 0) {
                break; // what is left is the turn that runs
            }
            left -= Conversation.size(messages.subList(first, second));
            messages.subList(first, second).clear();
            turns++;
        }
        return new HistoryTrim(messages, outputs, turns);
    }

    boolean isTrimmed() {
        return outputs + turns > 0;
    }

    /** Where the last message with calls stands: its results are what the model asked for. */
    private static int latestRound(List<ModelMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof ModelMessage.Assistant assistant
                    && !assistant.calls().isEmpty()) {
                return i;
            }
            if (messages.get(i) instanceof ModelMessage.User) {
                break; // of a turn before
            }
        }
        return messages.size();
    }

    private static int nextUser(List<ModelMessage> messages, int from) {
        for (int i = from; i < messages.size(); i++) {
            if (messages.get(i) instanceof ModelMessage.User) {
                return i;
            }
        }
        return -1;
    }
}
