package dev.fairlead.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rules of renewal on a clock that tests move. */
class TokenScheduleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Optional<Duration> QUARTER_HOUR = Optional.of(Duration.ofMinutes(15));

    private final ManualTime time = new ManualTime();
    private final List<TokenReport> told = new ArrayList<>();
    private final TokenSchedule schedule =
            TokenSchedule.begin(time, Settings.defaults().token(), "simulator", new SplittableRandom(7));
    private int fetches;

    /** Begins what is due; true where that is a fetch. */
    private boolean step() {
        schedule.tick();
        boolean begun = schedule.takeFetch();
        fetches += begun ? 1 : 0;
        told.addAll(schedule.takeNews());
        return begun;
    }

    private void grant() {
        assertThat(step()).isTrue();
        schedule.fetched(QUARTER_HOUR);
        step();
    }

    private TokenState after(Duration delay) {
        time.advance(delay);
        step();
        return schedule.state();
    }

    /** Lets time go by, every fetch failing in passing. */
    private void failingFor(Duration span, Optional<Duration> retryAfter) {
        for (long second = 0; second < span.toSeconds(); second++) {
            time.advance(Duration.ofSeconds(1));
            if (step()) {
                schedule.failed("no answer", retryAfter);
                step();
            }
        }
    }

    private List<TokenState> states() {
        return told.stream().map(TokenReport::state).toList();
    }

    @Test
    void without_credentials_it_is_unavailable_and_never_fetches() {
        TokenSchedule none = TokenSchedule.without(
                time, Settings.defaults().token(), "tastytrade", "set X", new SplittableRandom(1));

        none.refresh();
        time.advance(Duration.ofHours(1));
        none.tick();

        assertThat(none.takeFetch()).isFalse();
        assertThat(none.report().state()).isEqualTo(TokenState.UNAVAILABLE);
        assertThat(none.report().reason()).contains("set X");
    }

    @Test
    void a_token_is_valid_then_expiring_soon_then_renewed_before_it_ends() {
        grant();
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
        assertThat(after(MINUTE.multipliedBy(9).minusSeconds(1))).isEqualTo(TokenState.VALID);
        assertThat(after(Duration.ofSeconds(1))).isEqualTo(TokenState.EXPIRING_SOON);
        assertThat(fetches).isEqualTo(1);
        time.advance(MINUTE.multipliedBy(3));
        assertThat(step()).isTrue();
        assertThat(schedule.state()).isEqualTo(TokenState.REFRESHING);
        assertThat(schedule.holdsToken()).isTrue();
        schedule.fetched(QUARTER_HOUR);
        step();

        assertThat(states())
                .containsExactly(
                        TokenState.REFRESHING,
                        TokenState.VALID,
                        TokenState.EXPIRING_SOON,
                        TokenState.REFRESHING,
                        TokenState.VALID);
    }

    @Test
    void expiring_soon_is_told_once_a_token() {
        grant();
        for (int second = 0; second < 11 * 60; second++) {
            after(Duration.ofSeconds(1));
        }

        assertThat(states().stream().filter(TokenState.EXPIRING_SOON::equals)).hasSize(1);
    }

    @Test
    void a_day_has_120_renewals_and_no_moment_without_a_token() {
        grant();
        for (int second = 0; second < 24 * 3600; second++) {
            time.advance(Duration.ofSeconds(1));
            if (step()) {
                time.advance(Duration.ofMillis(300));
                schedule.fetched(QUARTER_HOUR);
                step();
            }
            assertThat(schedule.holdsToken()).isTrue();
        }

        assertThat(fetches - 1).isBetween(119, 121);
    }

    @Test
    void fifty_who_ask_get_one_fetch() {
        grant();
        for (int i = 0; i < 50; i++) {
            schedule.refresh();
            step();
        }
        schedule.fetched(QUARTER_HOUR);
        step();

        assertThat(fetches).isEqualTo(2);
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void a_terminal_refusal_is_told_once_and_never_retried() {
        step();
        schedule.refused("invalid_grant");
        failingFor(Duration.ofHours(24), Optional.empty());

        assertThat(fetches).isEqualTo(1);
        assertThat(states()).containsExactly(TokenState.REFRESHING, TokenState.UNAVAILABLE);
        assertThat(schedule.report().reason()).contains("invalid_grant");
    }

    @Test
    void the_operator_ends_a_terminal_refusal() {
        step();
        schedule.refused("invalid_grant");

        schedule.refresh();

        assertThat(step()).isTrue();
        assertThat(schedule.state()).isEqualTo(TokenState.REFRESHING);
        schedule.fetched(QUARTER_HOUR);
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void failures_back_off_to_a_minute_and_are_told_once_for_a_reason() {
        step();
        schedule.failed("no answer", Optional.empty());
        failingFor(MINUTE.multipliedBy(10), Optional.empty());

        // 1, 2, 4, 8, 16, 32 s take at most 63 s, then a call every 30 to 60 s.
        assertThat(fetches).isBetween(7 + 8, 7 + 19);
        assertThat(states()).containsExactly(TokenState.REFRESHING, TokenState.REFRESHING);
    }

    @Test
    void the_time_the_upstream_asks_for_is_kept_up_to_five_minutes() {
        step();
        schedule.failed("429", Optional.of(Duration.ofSeconds(90)));
        failingFor(Duration.ofSeconds(89), Optional.empty());
        assertThat(fetches).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(step()).isTrue();
        schedule.failed("429", Optional.of(Duration.ofHours(8)));
        failingFor(MINUTE.multipliedBy(5), Optional.empty());

        assertThat(fetches).isEqualTo(3);
    }

    @Test
    void a_token_that_cannot_be_renewed_expires_while_it_is_tried_on() {
        grant();
        time.advance(MINUTE.multipliedBy(12));
        failingFor(MINUTE.multipliedBy(3), Optional.empty());

        assertThat(schedule.state()).isEqualTo(TokenState.UNAVAILABLE);
        assertThat(schedule.report().reason()).contains("expired");
        int before = fetches;
        failingFor(MINUTE.multipliedBy(10), Optional.empty());
        assertThat(fetches - before).isBetween(9, 21);
        assertThat(states().stream().filter(TokenState.UNAVAILABLE::equals)).hasSize(1);
        while (!step()) {
            time.advance(Duration.ofSeconds(1));
        }
        schedule.fetched(QUARTER_HOUR);
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void the_age_counts_from_when_the_request_was_sent() {
        step();
        var sent = time.instant();
        time.advance(Duration.ofSeconds(9));
        schedule.fetched(QUARTER_HOUR);

        assertThat(schedule.report().fetchedAt()).contains(sent);
        assertThat(schedule.report().ageSeconds()).contains(9L);
        assertThat(schedule.report().warnAt()).contains(sent.plus(MINUTE.multipliedBy(9)));
        assertThat(schedule.report().expiresAt()).contains(sent.plus(MINUTE.multipliedBy(15)));
    }

    @Test
    void another_life_is_shared_out_alike() {
        step();
        schedule.fetched(Optional.of(Duration.ofSeconds(100)));

        assertThat(after(Duration.ofSeconds(59))).isEqualTo(TokenState.VALID);
        assertThat(after(Duration.ofSeconds(1))).isEqualTo(TokenState.EXPIRING_SOON);
        assertThat(after(Duration.ofSeconds(20))).isEqualTo(TokenState.REFRESHING);
    }

    @Test
    void a_moved_wall_clock_renews_nothing() {
        grant();
        time.shiftWallClock(Duration.ofHours(-1));
        step();
        time.shiftWallClock(Duration.ofHours(2));
        step();

        assertThat(fetches).isEqualTo(1);
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void a_machine_that_slept_past_the_end_fetches_when_it_wakes() {
        grant();
        time.advance(Duration.ofHours(2));

        assertThat(step()).isTrue();
        assertThat(schedule.state()).isEqualTo(TokenState.UNAVAILABLE);
    }

    @Test
    void use_is_told_with_its_time() {
        grant();
        schedule.used();
        step();

        assertThat(told.get(told.size() - 1).lastUsedAt()).contains(time.instant());
    }

    /** A schedule of an upstream with a private connection, which is up; a token is held. */
    private void grantAndConnect() {
        schedule.withConnection();
        grant();
        assertThat(schedule.takeConnect()).isTrue();
        schedule.connected();
        step();
    }

    @Test
    void with_a_private_connection_a_token_is_valid_only_once_that_is_up() {
        schedule.withConnection();
        grant();
        assertThat(schedule.state()).isEqualTo(TokenState.REFRESHING);
        assertThat(schedule.takeConnect()).isTrue();
        assertThat(schedule.takeConnect()).isFalse();

        schedule.connected();

        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void a_renewal_leaves_a_connection_that_is_up_alone() {
        grantAndConnect();
        time.advance(MINUTE.multipliedBy(12));
        grant();

        assertThat(schedule.takeConnect()).isFalse();
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void a_lost_connection_is_told_and_replaced_with_a_fresh_token_while_the_old_one_is_held() {
        grantAndConnect();
        time.advance(MINUTE.multipliedBy(2));

        schedule.connectionLost("cut");

        assertThat(schedule.state()).isEqualTo(TokenState.REFRESHING);
        assertThat(schedule.report().reason()).contains("cut");
        assertThat(schedule.holdsToken()).isTrue();
        assertThat(schedule.takeConnect()).isFalse();
        grant();
        assertThat(schedule.takeConnect()).isTrue();
        schedule.connected();
        assertThat(schedule.state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void a_token_the_connection_does_not_accept_is_replaced_at_once_but_only_once() {
        schedule.withConnection();
        int attempts = 0;
        for (int second = 0; second < 60; second++) {
            if (step()) {
                schedule.fetched(QUARTER_HOUR);
            }
            if (schedule.takeConnect()) {
                attempts++;
                schedule.notConnected("Invalid session", true);
            }
            if (second == 1) {
                assertThat(attempts).isEqualTo(2);
            }
            time.advance(Duration.ofSeconds(1));
        }
        // 0, 0, then 1, 2, 4, 8, 16, 32 s, each halved at most
        assertThat(attempts).isBetween(6, 9);
        assertThat(fetches).isEqualTo(attempts);
    }

    @Test
    void a_connection_that_never_holds_is_not_hammered() {
        grantAndConnect();
        int attempts = 0;
        for (int second = 0; second < 600; second++) {
            time.advance(Duration.ofSeconds(1));
            if (schedule.state() == TokenState.VALID) {
                schedule.connectionLost("cut again");
            }
            if (step()) {
                schedule.fetched(QUARTER_HOUR);
            }
            if (schedule.takeConnect()) {
                attempts++;
                schedule.connected();
            }
        }
        assertThat(attempts).isLessThan(25);
    }
}
