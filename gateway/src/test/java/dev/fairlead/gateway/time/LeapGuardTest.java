package dev.fairlead.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeapGuardTest {
    private final ManualTime time = new ManualTime();
    private final LeapGuard guard = new LeapGuard(time.nanos());

    @Test
    void nothing_is_judged_before_what_came_during_a_leap_can_have_been_read() {
        assertThat(tick(Duration.ofMillis(500))).isTrue();
        assertThat(tick(Duration.ofSeconds(150))).isFalse();
        assertThat(tick(Duration.ofMillis(1500))).isFalse();
        assertThat(tick(Duration.ofMillis(500))).isTrue();
        assertThat(tick(Duration.ofMillis(500))).isTrue();
    }

    @Test
    void ticks_that_a_late_timer_catches_up_with_are_no_time_to_read() {
        assertThat(tick(Duration.ofSeconds(150))).isFalse();
        for (int i = 0; i < 150; i++) {
            assertThat(tick(Duration.ofMillis(1))).isFalse();
        }
    }

    @Test
    void leaps_that_follow_each_other_do_not_put_judgement_off_for_ever() {
        int judged = 0;
        for (int i = 0; i < 16; i++) {
            judged += tick(Duration.ofSeconds(11)) ? 1 : 0;
        }
        assertThat(judged).isEqualTo(8);
    }

    private boolean tick(Duration after) {
        time.advance(after);
        return guard.mayJudge(time.nanos());
    }
}
