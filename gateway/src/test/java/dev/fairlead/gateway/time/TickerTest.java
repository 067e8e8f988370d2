package dev.fairlead.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TickerTest {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private boolean busy;
    private int runs;
    private final Ticker ticker = new Ticker(time, PERIOD, () -> busy, () -> runs++);

    @Test
    void with_something_to_do_it_keeps_its_period() {
        busy = true;
        time.advance(SECOND);
        assertThat(runs).isEqualTo(10);
    }

    @Test
    void with_nothing_to_do_it_runs_every_four_seconds() {
        time.advance(PERIOD.plus(SECOND.multipliedBy(12)));
        assertThat(runs).isEqualTo(4);
    }

    @Test
    void woken_it_runs_within_its_period_however_often_it_is_woken() {
        time.advance(PERIOD.multipliedBy(2));
        busy = true;
        ticker.wake();
        time.advance(PERIOD.dividedBy(2));
        ticker.wake();
        time.advance(PERIOD.dividedBy(2));
        assertThat(runs).isEqualTo(2);
        time.advance(PERIOD);
        assertThat(runs).isEqualTo(3);
    }

    @Test
    void where_waking_was_forgotten_it_is_late_and_not_never() {
        time.advance(PERIOD);
        busy = true;
        time.advance(SECOND.multipliedBy(4).plus(PERIOD));
        assertThat(runs).isEqualTo(3);
    }

    @Test
    void cancelled_it_stays_so() {
        ticker.cancel();
        ticker.wake();
        time.advance(SECOND.multipliedBy(3));
        assertThat(runs).isZero();
    }

    @Test
    void a_task_that_cancels_it_is_the_last_one() {
        Ticker[] own = new Ticker[1];
        own[0] = new Ticker(time, PERIOD, () -> true, () -> {
            runs++;
            own[0].cancel();
        });
        ticker.cancel();
        time.advance(SECOND);
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void a_task_that_fails_runs_again() {
        ticker.cancel();
        Ticker failing = new Ticker(time, PERIOD, () -> true, () -> {
            runs++;
            throw new IllegalStateException("once");
        });
        assertThatThrownBy(() -> time.advance(PERIOD)).hasMessage("once");
        assertThatThrownBy(() -> time.advance(PERIOD)).hasMessage("once");
        assertThat(runs).isEqualTo(2);
        failing.cancel();
    }
}
