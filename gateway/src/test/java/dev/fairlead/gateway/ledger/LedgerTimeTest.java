package dev.fairlead.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTimeTest {
    private final ManualTime clocks = new ManualTime();

    @Test
    void it_runs_on_the_monotonic_clock() {
        LedgerTime ledger = LedgerTime.start(clocks, Optional.empty());
        Instant begun = ledger.instant();

        clocks.advance(Duration.ofHours(3));

        assertThat(Duration.between(begun, ledger.instant())).isEqualTo(Duration.ofHours(3));
        assertThat(ledger.doubt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H", "P1D", "P-1D", "P30D"})
    void a_leap_of_the_wall_clock_moves_nothing_and_is_told_until_it_is_mended(Duration leap) {
        LedgerTime ledger = LedgerTime.start(clocks, Optional.empty());
        Instant begun = ledger.instant();

        clocks.shiftWallClock(leap);

        assertThat(ledger.instant()).isEqualTo(begun);
        assertThat(ledger.doubt()).get().asString().contains("POST /api/admin/clock");
        clocks.shiftWallClock(leap.negated());
        assertThat(ledger.doubt()).isEmpty();
    }

    @Test
    void a_start_takes_the_time_of_a_stop_of_up_to_seven_days() {
        LedgerTime.Kept kept = LedgerTime.start(clocks, Optional.empty()).kept();

        clocks.shiftWallClock(Duration.ofDays(7));

        LedgerTime later = LedgerTime.start(clocks, Optional.of(kept));
        assertThat(later.instant()).isEqualTo(clocks.instant());
        assertThat(later.doubt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-1D", "P8D"})
    void a_start_stays_where_it_was_while_no_stop_explains_the_wall_clock(Duration off) {
        LedgerTime.Kept kept = LedgerTime.start(clocks, Optional.empty()).kept();

        clocks.shiftWallClock(off);

        LedgerTime later = LedgerTime.start(clocks, Optional.of(kept));
        assertThat(later.instant()).isEqualTo(kept.reached());
        assertThat(later.doubt()).isPresent();
    }

    @Test
    void a_wall_clock_ahead_that_is_accepted_is_taken() {
        LedgerTime ledger = LedgerTime.start(clocks, Optional.empty());
        clocks.shiftWallClock(Duration.ofDays(30));

        ledger.trust();

        assertThat(ledger.instant()).isEqualTo(clocks.instant());
        assertThat(ledger.doubt()).isEmpty();
    }

    @Test
    void a_wall_clock_behind_that_is_accepted_takes_nothing_back_and_is_believed_after_a_restart_too() {
        LedgerTime ledger = LedgerTime.start(clocks, Optional.empty());
        Instant begun = ledger.instant();
        clocks.shiftWallClock(Duration.ofDays(-1));

        ledger.trust();
        assertThat(ledger.instant()).isEqualTo(begun);
        assertThat(ledger.doubt()).isEmpty();

        clocks.advance(Duration.ofHours(1));
        LedgerTime later = LedgerTime.start(clocks, Optional.of(ledger.kept()));
        assertThat(later.instant()).isEqualTo(begun.plus(Duration.ofHours(1)));
        assertThat(later.doubt()).isEmpty();
    }

    @Test
    void what_the_machine_slept_has_passed_where_both_clocks_say_so() {
        LedgerTime ledger = LedgerTime.start(clocks, Optional.empty());
        clocks.shiftWallClock(Duration.ofHours(8));
        ledger.slept(Duration.ofHours(2));
        assertThat(ledger.doubt()).isPresent();

        ledger.slept(Duration.ofHours(8));

        assertThat(ledger.instant()).isEqualTo(clocks.instant());
        assertThat(ledger.doubt()).isEmpty();
    }
}
