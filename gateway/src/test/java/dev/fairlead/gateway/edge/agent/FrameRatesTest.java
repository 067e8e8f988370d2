package dev.fairlead.gateway.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.edge.socket.FrameRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameRatesTest {
    private static final int RATE = 10;

    private final FrameRates rates = new FrameRates(RATE);

    @Test
    void who_connects_anew_goes_on_with_what_it_left() {
        take(rates.enter("agent-1", 0), 2 * RATE, 0);
        rates.leave("agent-1", 0);
        rates.enter("agent-2", 0);
        rates.leave("agent-2", 0);

        long second = Duration.ofSeconds(1).toNanos();
        FrameRate again = rates.enter("agent-1", second);
        take(again, RATE, second);
        assertThat(again.take(second)).isFalse();
        take(rates.enter("agent-2", second), 2 * RATE, second);
    }

    @Test
    void a_connection_that_replaces_another_counts_with_it() {
        FrameRate first = rates.enter("agent-1", 0);
        FrameRate second = rates.enter("agent-1", 0);
        rates.leave("agent-1", 0);
        take(second, 2 * RATE, 0);
        assertThat(first.take(0)).isFalse();
        assertThat(rates.enter("agent-1", 0).take(0)).isFalse();
    }

    private static void take(FrameRate rate, int frames, long now) {
        for (int i = 0; i < frames; i++) {
            assertThat(rate.take(now)).isTrue();
        }
    }
}
