package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectionTest {
    private static final RandomGenerator MOST = () -> -1L;
    private final Reconnection reconnection = new Reconnection(Backoff.streams(MOST), Set.of());

    @ParameterizedTest
    @CsvSource({"4400,BAD_REQUEST", "4401,UNAUTHORIZED", "4403,FORBIDDEN", "4404,NOT_FOUND", "4409,REPLACED"})
    void a_close_that_says_no_is_final_and_says_why(int code, ErrorCode error) {
        ConnectionState state = reconnection.after(new LinkEnd.Closed(code, "because"));
        assertThat(state).isInstanceOfSatisfying(ConnectionState.Stopped.class, stopped -> {
            assertThat(stopped.code()).contains(error);
            assertThat(stopped.reason()).contains("because");
        });
    }

    @Test
    void the_one_who_was_replaced_is_told_by_whom() {
        assertThat(new LinkEnd.Closed(4409, "").reason()).startsWith("Another connection of the same agent took over");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1007, 1008, 1009, 1011, 4408, 4429, 4500, 4503, 4999})
    void any_other_close_is_followed_by_another_attempt(int code) {
        assertThat(reconnection.after(new LinkEnd.Closed(code, ""))).isInstanceOf(ConnectionState.Disconnected.class);
    }

    @ParameterizedTest
    @CsvSource({"400,BAD_REQUEST", "401,UNAUTHORIZED", "403,FORBIDDEN", "404,NOT_FOUND"})
    void a_refused_upgrade_that_says_no_is_final(int status, ErrorCode error) {
        assertThat(reconnection.after(new LinkEnd.Refused(status, "m", Duration.ZERO)))
                .isEqualTo(new ConnectionState.Stopped(
                        Optional.of(error), "The gateway refused the connection (HTTP " + status + "): m"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 429, 500, 502, 503})
    void any_other_refusal_is_followed_by_another_attempt(int status) {
        assertThat(reconnection.after(new LinkEnd.Refused(status, "", Duration.ZERO)))
                .isInstanceOf(ConnectionState.Disconnected.class);
    }

    @Test
    void a_tolerated_error_is_retried() {
        Reconnection patient = new Reconnection(Backoff.agents(MOST), Set.of(ErrorCode.NOT_FOUND));
        assertThat(patient.after(new LinkEnd.Refused(404, "", Duration.ZERO)))
                .isInstanceOf(ConnectionState.Disconnected.class);
        assertThat(patient.after(new LinkEnd.Refused(401, "", Duration.ZERO)))
                .isInstanceOf(ConnectionState.Stopped.class);
    }

    @Test
    void a_server_that_asks_for_time_gets_it_within_reason() {
        assertThat(delayAfter(new LinkEnd.Refused(503, "", Duration.ofSeconds(20))))
                .isEqualTo(20);
        assertThat(delayAfter(new LinkEnd.Refused(503, "", Duration.ofDays(1)))).isEqualTo(300);
        assertThat(delayAfter(new LinkEnd.Refused(503, "", Duration.ZERO))).isEqualTo(4);
    }

    @Test
    void delays_grow_until_the_connection_proves_good() {
        assertThat(delayAfter(new LinkEnd.Unreachable("x"))).isEqualTo(1);
        assertThat(delayAfter(new LinkEnd.HalfOpen(Duration.ofSeconds(90)))).isEqualTo(2);
        assertThat(delayAfter(new LinkEnd.Closed(1001, ""))).isEqualTo(4);
        reconnection.ready();
        assertThat(delayAfter(new LinkEnd.Garbled("x"))).isEqualTo(1);
    }

    private long delayAfter(LinkEnd end) {
        ConnectionState.Disconnected state = (ConnectionState.Disconnected) reconnection.after(end);
        return Math.round(state.retryIn().toMillis() / 1000.0);
    }
}
