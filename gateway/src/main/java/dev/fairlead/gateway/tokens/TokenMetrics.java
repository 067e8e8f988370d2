package dev.fairlead.gateway.tokens;

import dev.fairlead.protocol.TokenState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReference;

/** What the token's concern counts. Names: {@code fairlead.token.state} by state, {@code fairlead.token.fetches}. */
final class TokenMetrics {
    private final AtomicReference<TokenState> now = new AtomicReference<>(TokenState.UNAVAILABLE);
    private final Counter granted;
    private final Counter refused;
    private final Counter failed;

    TokenMetrics(MeterRegistry registry) {
        for (TokenState state : TokenState.values()) {
            Gauge.builder("fairlead.token.state", now, current -> current.get() == state ? 1 : 0)
                    .description("1 for the state the upstream token is in")
                    .tag("state", state.wire())
                    .register(registry);
        }
        granted = fetches(registry, "granted");
        refused = fetches(registry, "refused");
        failed = fetches(registry, "failed");
    }

    void state(TokenState state) {
        now.set(state);
    }

    void granted() {
        granted.increment();
    }

    void refused() {
        refused.increment();
    }

    void failed() {
        failed.increment();
    }

    private static Counter fetches(MeterRegistry registry, String outcome) {
        return Counter.builder("fairlead.token.fetches")
                .description("Calls for a new upstream token by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }
}
