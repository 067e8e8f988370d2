package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.gateway.messages.MessageCommands.AckLatency;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckLatenciesTest {
    private final AckLatencies latencies = new AckLatencies();
    private long now = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 8, 9, 100, 999, 12_345, 1_000_000, 29_999_999, 100_000_000})
    void a_latency_is_told_to_some_6_percent(long micros) {
        latencies.add("a", micros * 1_000, now);

        AckLatency found = latencies.of("a", now).orElseThrow();
        assertThat(found.count()).isEqualTo(1);
        assertThat(found.p50Ms()).isCloseTo(micros / 1_000.0, within(Math.max(0.002, micros * 0.0000625)));
        assertThat(found.p99Ms()).isEqualTo(found.p50Ms());
    }

    @Test
    void half_took_no_longer_than_the_median_and_99_of_100_no_longer_than_the_other() {
        for (int i = 1; i <= 100; i++) {
            latencies.add("a", Duration.ofMillis(i == 100 ? 20_000 : i).toNanos(), now);
        }

        AckLatency found = latencies.of("a", now).orElseThrow();
        assertThat(found.p50Ms()).isCloseTo(50, within(4.0));
        assertThat(found.p99Ms()).isCloseTo(99, within(7.0));
    }

    @Test
    void what_is_more_than_a_minute_ago_no_longer_counts() {
        latencies.add("a", Duration.ofSeconds(9).toNanos(), now);
        now += Duration.ofSeconds(45).toNanos();
        latencies.add("a", Duration.ofMillis(3).toNanos(), now);
        assertThat(latencies.of("a", now).orElseThrow().count()).isEqualTo(2);

        now += Duration.ofSeconds(30).toNanos();
        assertThat(latencies.of("a", now).orElseThrow().count()).isEqualTo(1);
        now += AckLatencies.SPAN.toNanos();
        assertThat(latencies.of("a", now)).isEmpty();
    }

    @Test
    void the_busiest_are_named_first_and_no_more_than_asked() {
        for (int i = 0; i < 3; i++) {
            latencies.add("a", 1_000, now);
            latencies.add("c", 1_000, now);
        }
        latencies.add("b", 1_000, now);

        assertThat(latencies.busiest(2, now)).containsOnlyKeys("a", "c");
        assertThat(latencies.busiest(9, now).keySet()).containsExactly("a", "c", "b");
    }

    @Test
    void more_agents_than_are_followed_take_no_memory_until_others_are_idle() {
        for (int i = 0; i <= AckLatencies.MOST_AGENTS; i++) {
            latencies.add("agent-" + i, 1_000, now);
        }
        assertThat(latencies.of("agent-" + AckLatencies.MOST_AGENTS, now)).isEmpty();

        now += AckLatencies.SPAN.multipliedBy(2).toNanos();
        assertThat(latencies.busiest(9, now)).isEmpty();
        latencies.add("late", 1_000, now);
        assertThat(latencies.of("late", now)).isPresent();
    }
}
