package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginLimiterTest {
    private final ManualTime time = new ManualTime();
    private final LoginLimiter limiter = new LoginLimiter(5, 20, time);

    @Test
    void the_sixth_try_from_an_address_waits_until_the_first_is_a_minute_old() {
        takes("127.0.0.1", 1);
        time.advance(Duration.ofSeconds(20));
        takes("127.0.0.1", 4);
        assertThat(limiter.take(LoginLimiter.Source.address("127.0.0.1"))).contains(Duration.ofSeconds(40));
        time.advance(Duration.ofSeconds(40));
        takes("127.0.0.1", 1);
        assertThat(limiter.take(LoginLimiter.Source.address("127.0.0.1"))).contains(Duration.ofSeconds(20));
    }

    @Test
    void tries_at_other_nodes_count_and_those_here_are_told_to_them() {
        LoginLimiter other = new LoginLimiter(5, 20, time);
        other.tell(limiter::elsewhere);
        LoginLimiter.Source source = LoginLimiter.Source.address("10.0.0.1");
        for (int i = 0; i < 4; i++) {
            assertThat(other.take(source)).isEmpty();
        }
        other.take(source);
        other.giveBack(source);

        takes("10.0.0.1", 1);
        assertThat(limiter.take(source)).contains(Duration.ofMinutes(1));
    }

    @Test
    void the_twenty_first_try_waits_wherever_it_comes_from() {
        for (int i = 0; i < 20; i++) {
            takes("10.0.0." + i, 1);
        }
        assertThat(limiter.take(LoginLimiter.Source.address("10.0.1.1"))).contains(Duration.ofMinutes(1));
        time.advance(Duration.ofMinutes(1));
        takes("10.0.1.1", 1);
    }

    @Test
    void a_right_password_costs_no_try() {
        for (int i = 0; i < 100; i++) {
            takes("10.0.0.1", 1);
            limiter.giveBack(LoginLimiter.Source.address("10.0.0.1"));
        }
        takes("10.0.0.1", 5);
        assertThat(limiter.take(LoginLimiter.Source.address("10.0.0.1"))).isPresent();
    }

    @Test
    void a_place_given_back_is_of_that_address_alone() {
        takes("10.0.0.1", 5);
        takes("10.0.0.2", 1);
        limiter.giveBack(LoginLimiter.Source.address("10.0.0.2"));
        assertThat(limiter.take(LoginLimiter.Source.address("10.0.0.1"))).isPresent();
    }

    @Test
    void a_refused_try_takes_no_place() {
        takes("10.0.0.1", 5);
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.take(LoginLimiter.Source.address("10.0.0.1"))).isPresent();
        }
        takes("10.0.0.2", 5);
    }

    @Test
    void an_ipv6_address_counts_for_its_64_bit_prefix() {
        for (int i = 0; i < 5; i++) {
            takes("2001:db8:0:1::" + i, 1);
        }
        assertThat(limiter.take(LoginLimiter.Source.address("2001:db8:0:1:ffff::1%eth0")))
                .isPresent();
        takes("2001:db8:0:2::1", 1);
    }

    @Test
    void an_ipv4_address_is_the_same_behind_ipv6() {
        takes("10.0.0.1", 5);
        assertThat(limiter.take(LoginLimiter.Source.address("::ffff:10.0.0.1"))).isPresent();
        takes("::ffff:10.0.0.2", 1);
    }

    @Test
    void who_was_let_in_before_is_not_locked_out_by_others() {
        for (int i = 0; i < 20; i++) {
            limiter.take(LoginLimiter.Source.address("10.0." + i + ".1"));
        }
        assertThat(limiter.take(LoginLimiter.Source.address("10.1.0.1"))).isPresent();
        for (int i = 0; i < 5; i++) {
            assertThat(limiter.take(LoginLimiter.Source.device("d"))).isEmpty();
        }
        assertThat(limiter.take(LoginLimiter.Source.device("d"))).isPresent();
        assertThat(limiter.take(LoginLimiter.Source.device("e"))).isEmpty();
    }

    @Test
    void the_tries_of_who_was_let_in_before_count_for_nobody_else() {
        for (int i = 0; i < 40; i++) {
            limiter.take(LoginLimiter.Source.device("d" + i));
        }
        assertThat(limiter.take(LoginLimiter.Source.address("10.1.0.1"))).isEmpty();
    }

    @Test
    void the_wall_clock_has_no_say() {
        takes("10.0.0.1", 5);
        time.shiftWallClock(Duration.ofHours(1));
        assertThat(limiter.take(LoginLimiter.Source.address("10.0.0.1"))).contains(Duration.ofMinutes(1));
    }

    private void takes(String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(limiter.take(LoginLimiter.Source.address(address))).isEqualTo(Optional.empty());
        }
    }
}
