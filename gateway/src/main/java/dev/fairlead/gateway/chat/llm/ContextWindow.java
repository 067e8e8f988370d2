package dev.fairlead.gateway.chat.llm;

import dev.fairlead.protocol.ChatFrame;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many tokens a model holds, and how many a request takes: the first from the setting or from what the endpoint
 * says when it is too many, the second as the endpoint reports it for requests before. Plain state, on one event loop.
 */
final class ContextWindow {
    /** For a model that has reported nothing yet: English has about four, JSON fewer. */
    private static final double FIRST_GUESS = 3.5;

    private static final double LEAST_RATIO = 0.5;
    private static final double MOST_RATIO = 8;

    /** Of what the model holds, what stays free for its answer: an eighth. */
    private static final int ANSWER_SHARE = 8;

    private static final Pattern LIMIT =
            Pattern.compile("(?i)context (?:length|window|size)(?: is| of|:)? (\\d{3,8})|> (\\d{3,8}) maximum"
                    + "|(\\d{3,8}) maximum context|n_ctx\\D{1,4}(\\d{3,8})|at most (\\d{3,8}) tokens");

    private Optional<Long> limit;
    private double charactersAToken = FIRST_GUESS;

    ContextWindow(Optional<Long> limit) {
        this.limit = limit;
    }

    Optional<Long> limit() {
        return limit;
    }

    /** What a request will take, as far as can be told before. */
    long tokens(CompletionRequest request) {
        return Math.round(Math.ceil(request.characters() / charactersAToken));
    }

    /** Characters in as many tokens. */
    long characters(long tokens) {
        return Math.round(tokens * charactersAToken);
    }

    /** What is too much of a request for the model; nothing where nobody said what it holds. */
    long excessCharacters(CompletionRequest request) {
        return limit.map(most -> request.characters() - characters(most - most / ANSWER_SHARE))
                .orElse(0L);
    }

    /** What a request did take. */
    void reported(CompletionRequest request, ChatFrame.Usage usage) {
        if (usage.inputTokens() > 0) {
            double ratio = (double) request.characters() / usage.inputTokens();
            charactersAToken = Math.max(LEAST_RATIO, Math.min(MOST_RATIO, ratio));
        }
    }

    /** It was too much: what the model holds is what the endpoint says, or else less than this was. */
    void refused(CompletionRequest request, String said) {
        Matcher found = LIMIT.matcher(said);
        Optional<Long> told = Optional.empty();
        while (found.find() && told.isEmpty()) {
            for (int group = 1; group <= found.groupCount() && told.isEmpty(); group++) {
                told = Optional.ofNullable(found.group(group)).map(Long::valueOf);
            }
        }
        long less = tokens(request) * 3 / 4;
        long holds = told.filter(most -> most < tokens(request) + most / ANSWER_SHARE)
                .orElse(less);
        limit = Optional.of(limit.map(known -> Math.min(known, holds)).orElse(holds));
    }
}
