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
    /** With the two that depend on the machine a model runs on, and the usual for the rest. */
    static ModelLimits of(Duration first, Duration idle) {
        return new ModelLimits(
                Duration.ofSeconds(10),
                first,
                idle,
                Duration.ofMinutes(10),
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }
}
