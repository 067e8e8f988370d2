package dev.fairlead.gateway.chat.llm;

import java.time.Duration;

/**
 * How long an endpoint may take, and how often it is asked.
 *
 * @param connect until the connection stands
 * @param first until the first byte of an answer: a local model loads before it speaks
 * @param idle between two pieces of an answer
 * @param whole of one answer
 * @param attempts of one question, the first counted; only before anything of an answer has come
 * @param backoff before the second attempt; it doubles
 * @param longestWait that is waited for an endpoint that says when to come again
 */
record ModelLimits(
        Duration connect,
        Duration first,
        Duration idle,
        Duration whole,
        int attempts,
        Duration backoff,
        Duration longestWait) {
    /** How long an answer may take from its first byte on, where the endpoint is never silent for long. */
    private static final Duration ANSWERING = Duration.ofMinutes(10);

    /**
     * With the two that depend on the machine a model runs on, and the usual for the rest. The whole is never so short
     * that one of the two had no effect.
     */
    static ModelLimits of(Duration first, Duration idle) {
        Duration silences = idle.multipliedBy(2);
        return new ModelLimits(
                Duration.ofSeconds(10),
                first,
                idle,
                first.plus(silences.compareTo(ANSWERING) > 0 ? silences : ANSWERING),
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }
}
