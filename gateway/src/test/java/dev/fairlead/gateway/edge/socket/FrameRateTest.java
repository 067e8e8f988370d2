package dev.fairlead.gateway.edge.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameRateTest {
    private final ManualTime time = new ManualTime();
    private final FrameRate rate = new FrameRate(100, time.nanos());

    @Test
    void twice_the_rate_is_taken_at_once_and_then_the_rate() {
        assertThat(taken()).isEqualTo(200);
        time.advance(Duration.ofSeconds(1));
        assertThat(taken()).isEqualTo(100);
        time.advance(Duration.ofHours(1));
        assertThat(rate.isFull(time.nanos())).isTrue();
        assertThat(taken()).isEqualTo(200);
        assertThat(rate.isFull(time.nanos())).isFalse();
    }

    private int taken() {
        int count = 0;
        while (rate.take(time.nanos())) {
            count++;
        }
        return count;
    }
}
