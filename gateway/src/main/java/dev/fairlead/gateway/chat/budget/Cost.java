package dev.fairlead.gateway.chat.budget;

import dev.fairlead.gateway.settings.ModelPrice;
import dev.fairlead.protocol.ChatFrame;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * Tokens and what they cost.
 *
 * @param nanos billionths of a US dollar
 */
record Cost(long tokens, long nanos) {
    static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal NANOS_A_TOKEN = BigDecimal.valueOf(1_000); // a dollar a million tokens

    static Cost of(ChatFrame.Usage usage, Optional<ModelPrice> price) {
        return new Cost(
                usage.inputTokens() + usage.outputTokens(),
                price.map(of -> nanos(usage.inputTokens(), of.input()) + nanos(usage.outputTokens(), of.output()))
                        .orElse(0L));
    }

    Cost minus(Cost other) {
        return new Cost(tokens - other.tokens, nanos - other.nanos);
    }

    private static long nanos(long tokens, BigDecimal usdAMillion) {
        return usdAMillion
                .multiply(NANOS_A_TOKEN)
                .multiply(BigDecimal.valueOf(tokens))
                .setScale(0, RoundingMode.UP)
                .longValue();
    }
}
