package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogTailTest {
    private static final long MILLI = 1_000_000;

    private final LogTail tail = new LogTail(0, Duration.ofMillis(100));
    private long now = 1_000 * MILLI;

    private static LogStretch came(long from, int lines, boolean unfinished) {
        LogLine line = new LogLine("x", from, from + 2);
        return new LogStretch(
                from,
                from + 2L * lines,
                List.of(new LogPart.Lines(Collections.nCopies(lines, line))),
                false,
                unfinished);
    }

    @Test
    void a_line_that_comes_alone_is_read_at_once() {
        assertThat(tail.noticed(now)).contains(Duration.ZERO);
        assertThat(tail.noticed(now)).isEmpty();
    }

    @Test
    void lines_that_come_fast_leave_together() {
        tail.noticed(now);
        tail.begin(now);
        tail.done(came(0, 100, false), now + MILLI);

        assertThat(tail.noticed(now + 2 * MILLI).orElseThrow()).isBetween(Duration.ofMillis(2), Duration.ofMillis(100));
    }

    @Test
    void no_flood_keeps_lines_longer_than_the_batch_window() {
        for (int i = 0; i < 10; i++) {
            tail.noticed(now);
            tail.begin(now);
            tail.done(came(tail.position(), 100_000, false), now);
        }
        assertThat(tail.noticed(now).orElseThrow()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void what_happens_during_a_read_is_read_after_it() {
        tail.noticed(now);
        tail.begin(now);
        assertThat(tail.noticed(now)).isEmpty();

        assertThat(tail.done(came(0, 1, false), now)).isPresent();
    }

    @Test
    void more_to_read_is_read_without_a_pause() {
        tail.noticed(now);
        tail.begin(now);

        assertThat(tail.done(new LogStretch(0, 10, List.of(), true, false), now))
                .contains(Duration.ZERO);
    }

    @Test
    void an_unfinished_line_leaves_after_two_seconds() {
        tail.noticed(now);
        assertThat(tail.begin(now)).isEqualTo(Rest.WAITS);
        tail.done(came(0, 1, true), now);

        now += 1_999 * MILLI;
        tail.noticed(now);
        assertThat(tail.begin(now)).isEqualTo(Rest.WAITS);
        tail.done(came(2, 0, true), now);

        now += MILLI;
        tail.noticed(now);
        assertThat(tail.begin(now)).isEqualTo(Rest.LEAVES);
    }

    @Test
    void a_filter_nobody_watches_through_is_forgotten_after_a_minute() {
        tail.watch("a", LogFilter.of(LogCommands.Filter.NONE), now);
        tail.watch("b", LogFilter.of(new LogCommands.Filter("text", false, false)), now);

        now += LogTail.LINGER.toNanos();
        tail.inUse(Set.of("b"), now);
        assertThat(tail.filters()).containsOnlyKeys("a", "b");
        now += MILLI;
        tail.inUse(Set.of("b"), now);
        assertThat(tail.filters()).containsOnlyKeys("b");
    }
}
