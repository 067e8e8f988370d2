package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeerRulesTest {
    /** The clocks of two machines have nothing in common. */
    private static final long OTHER_CLOCK = 7_000_000_000_000L;

    /** Of this node. */
    private static final long LIFE = 9;

    private final PeerRules rules = new PeerRules(LIFE);
    private long now = -3_000_000;

    @Test
    void a_life_begins_with_whatever_is_heard_of_it_first() {
        assertThat(hear(1, 40)).isEqualTo(new PeerRules.Heard(true, 0, Duration.ZERO));
        assertThat(hear(1, 41).begins()).isFalse();
    }

    @Test
    void what_is_missing_is_counted() {
        hear(1, 1);

        assertThat(hear(1, 2).missed()).isZero();
        assertThat(hear(1, 6).missed()).isEqualTo(3);
    }

    @Test
    void a_new_life_of_a_node_begins_again_and_misses_nothing() {
        hear(1, 90);

        assertThat(hear(2, 1)).isEqualTo(new PeerRules.Heard(true, 0, Duration.ZERO));
    }

    @Test
    void an_earlier_life_is_heard_no_more() {
        hear(2, 1);

        assertThat(rules.judge("n2", 1, LIFE, 91, now, now)).isEqualTo(PeerRules.Refused.OUTDATED);
    }

    @Test
    void what_others_have_overtaken_is_heard_no_more() {
        hear(1, 1);
        hear(1, 3);

        assertThat(rules.judge("n2", 1, LIFE, 2, now, now)).isEqualTo(PeerRules.Refused.REPLAYED);
        assertThat(rules.judge("n2", 1, LIFE, 3, now, now)).isEqualTo(PeerRules.Refused.REPLAYED);
    }

    @Test
    void what_was_written_to_an_earlier_life_of_this_node_is_not_heard() {
        assertThat(rules.judge("n2", 1, LIFE - 1, 1, now, now)).isEqualTo(PeerRules.Refused.OUTDATED);
        assertThat(rules.life("n2")).isEmpty();
    }

    @Test
    void a_node_that_lost_its_name_and_took_it_again_hears_what_is_written_to_it_since() {
        hear(1, 1);

        assertThat(rules.judge("n2", 1, LIFE + 1, 2, now, now)).isInstanceOf(PeerRules.Heard.class);
    }

    @Test
    void the_life_of_a_node_is_the_one_that_was_heard_last() {
        hear(4, 1);
        hear(6, 1);

        assertThat(rules.life("n2")).hasValue(6);
    }

    @Test
    void each_node_is_counted_by_itself() {
        hear(1, 1);
        rules.judge("n3", 1, LIFE, 7, now, now);

        assertThat(hear(1, 2).missed()).isZero();
    }

    @Test
    void how_long_it_was_on_the_way_is_measured_against_the_quickest() {
        hear(1, 1, Duration.ofMillis(3));
        assertThat(hear(1, 2, Duration.ofMillis(1)).delay()).isZero();

        assertThat(hear(1, 3, Duration.ofMillis(2501)).delay()).isEqualTo(Duration.ofMillis(2500));
        assertThat(hear(1, 4, Duration.ofMillis(1)).delay()).isZero();
    }

    @Test
    void a_pause_of_this_node_shows_in_what_was_sent_during_it() {
        hear(1, 1, Duration.ofMillis(1));
        now += Duration.ofMinutes(10).toNanos();

        long late = hear(1, 2, Duration.ofMinutes(9)).delay().toSeconds();
        assertThat(late).isBetween(538L, 540L);
    }

    @Test
    void clocks_that_drift_apart_make_nothing_late() {
        hear(1, 1, Duration.ofMillis(1));
        Duration drifted = Duration.ZERO;
        for (int second = 1; second <= 100_000; second++) {
            now += Duration.ofSeconds(1).toNanos();
            drifted = drifted.plus(Duration.ofNanos(200_000)); // 200 in a million
            assertThat(hear(1, 1 + second, drifted.plusMillis(1)).delay()).isZero();
        }
    }

    @Test
    void clocks_that_drift_apart_make_nothing_late_under_load_either() {
        hear(1, 1);
        long drifted = 0;
        for (int i = 1; i <= 1_000_000; i++) {
            now += 100_000;
            drifted += 20;
            assertThat(hear(1, 1 + i, Duration.ofNanos(drifted)).delay()).isZero();
        }
    }

    @Test
    void when_a_node_was_heard_last_is_known() {
        assertThat(rules.heardAt("n2")).isEmpty();
        hear(1, 1);

        assertThat(rules.heardAt("n2")).hasValue(now);
    }

    private PeerRules.Heard hear(long epoch, long sequence) {
        return hear(epoch, sequence, Duration.ZERO);
    }

    private PeerRules.Heard hear(long epoch, long sequence, Duration onTheWay) {
        return (PeerRules.Heard) rules.judge("n2", epoch, LIFE, sequence, now + OTHER_CLOCK - onTheWay.toNanos(), now);
    }
}
