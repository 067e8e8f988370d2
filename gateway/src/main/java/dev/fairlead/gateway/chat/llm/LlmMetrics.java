package dev.fairlead.gateway.chat.llm;

import dev.fairlead.protocol.ChatFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * What is counted of language models. Names: {@code fairlead.llm.turns} by outcome, {@code fairlead.llm.tokens} by
 * direction, {@code fairlead.llm.retries} by reason, {@code fairlead.llm.first.piece}.
 */
final class LlmMetrics {
    private final MeterRegistry registry;
    private final Counter input;
    private final Counter output;
    private final Timer firstPiece;

    LlmMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.input = tokens(registry, "input");
        this.output = tokens(registry, "output");
        this.firstPiece = Timer.builder("fairlead.llm.first.piece")
                .description("From the start of a turn to the first piece of an answer")
                .register(registry);
        ended("ok", 0);
    }

    /** A turn is over; the outcome is one of few. */
    void ended(String outcome) {
        ended(outcome, 1);
    }

    void tokens(ChatFrame.Usage usage) {
        input.increment((double) usage.inputTokens());
        output.increment((double) usage.outputTokens());
    }

    void retried(ModelFailure.Kind reason) {
        Counter.builder("fairlead.llm.retries")
                .description("Questions put again, by what went wrong before")
                .tag("reason", reason.tag())
                .register(registry)
                .increment();
    }

    void firstPiece(Duration after) {
        firstPiece.record(after);
    }

    private void ended(String outcome, int count) {
        Counter.builder("fairlead.llm.turns")
                .description("Turns of language models by outcome")
                .tag("outcome", outcome)
                .register(registry)
                .increment(count);
    }

    private static Counter tokens(MeterRegistry registry, String direction) {
        return Counter.builder("fairlead.llm.tokens")
                .description("Tokens, as the model's endpoint counts them")
                .tag("direction", direction)
                .register(registry);
    }
}
