package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final RandomGenerator LEAST = () -> 0L;
    private static final RandomGenerator MOST = () -> -1L;

    @Test
    void streams_wait_1_2_4_8_16_then_30_seconds() {
        assertThat(seconds(Backoff.streams(MOST), 8)).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void agents_wait_1_2_4_and_so_on_then_60_seconds() {
        assertThat(seconds(Backoff.agents(MOST), 9)).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void the_shortest_delay_is_half_of_the_step() {
        Backoff backoff = Backoff.agents(LEAST);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void delays_spread_over_the_upper_half_of_the_step() {
        Random random = new Random(5);
        List<Duration> delays = Stream.generate(() -> Backoff.agents(random).next())
                .limit(2_000)
                .toList();
        assertThat(delays).allMatch(d -> d.toMillis() >= 500 && d.toMillis() <= 1_000);
        assertThat(delays.stream().filter(d -> d.toMillis() < 750).count()).isBetween(900L, 1_100L);
    }

    @Test
    void after_a_reset_the_next_failure_is_the_first() {
        Backoff backoff = Backoff.streams(MOST);
        seconds(backoff, 5);
        backoff.reset();
        assertThat(seconds(backoff, 2)).containsExactly(1L, 2L);
    }

    @Test
    void a_policy_without_a_delay_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.of(Duration.ZERO, Duration.ofSeconds(1), LEAST));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.of(Duration.ofSeconds(2), Duration.ofSeconds(1), LEAST));
    }

    private static List<Long> seconds(Backoff backoff, int count) {
        return Stream.generate(() -> Math.round(backoff.next().toMillis() / 1000.0))
                .limit(count)
                .toList();
    }
}
