package dev.fairlead.gateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.market.FeedSchedule.Step;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.FeedEnd;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When tickets are fetched and sessions begun, on moved time. */
class FeedScheduleTest {
    private static final Optional<Secret> TOKEN = Optional.of(Secret.of("first"));
    private static final Optional<Duration> DAY = Optional.of(Duration.ofHours(24));

    private final ManualTime time = new ManualTime();
    private final FeedSchedule schedule = new FeedSchedule(time, true, new SplittableRandom(1));

    private void live() {
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.FETCH_TICKET);
        schedule.ticketFetched(DAY);
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.OPEN);
        schedule.ready();
    }

    @Test
    void nothing_begins_without_an_access_token() {
        assertThat(schedule.next(Optional.empty())).isEqualTo(Step.NOTHING);
        live();
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.NOTHING);
        assertThat(schedule.reason()).isEmpty();
    }

    @Test
    void a_lost_session_is_followed_by_another_with_the_same_ticket_after_a_backoff() {
        live();
        time.advance(Duration.ofMinutes(1));
        schedule.lost(FeedEnd.lost("cut"));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.NOTHING);
        time.advance(Duration.ofSeconds(1));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.OPEN);
        assertThat(schedule.next(TOKEN)).as("one at a time").isEqualTo(Step.NOTHING);
    }

    @Test
    void sessions_that_do_not_last_are_begun_ever_more_rarely() {
        int begun = 0;
        for (int second = 0; second < 600; second++) {
            switch (schedule.next(TOKEN)) {
                case FETCH_TICKET -> schedule.ticketFetched(DAY);
                case OPEN -> {
                    begun++;
                    schedule.ready();
                    schedule.lost(FeedEnd.lost("cut"));
                }
                case NOTHING -> {}
            }
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(begun).isBetween(10, 25);
    }

    @Test
    void a_ticket_is_replaced_before_its_day_is_over_and_its_session_with_it() {
        int tickets = 0;
        int opened = 0;
        for (int minute = 0; minute < 10 * 24 * 60; minute++) {
            for (Step step = schedule.next(TOKEN); step != Step.NOTHING; step = schedule.next(TOKEN)) {
                if (step == Step.FETCH_TICKET) {
                    tickets++;
                    schedule.ticketFetched(DAY);
                } else {
                    opened++;
                    schedule.ready();
                }
            }
            time.advance(Duration.ofMinutes(1));
        }
        assertThat(tickets).as("in ten days of 24 h").isEqualTo(11);
        assertThat(opened).isEqualTo(11);
    }

    @Test
    void a_renewal_that_fails_leaves_the_session_and_is_tried_again() {
        live();
        time.advance(Duration.ofHours(23));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.FETCH_TICKET);
        schedule.ticketFailed("500", false, Optional.of(Duration.ofMinutes(2)));
        time.advance(Duration.ofSeconds(119));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.NOTHING);
        time.advance(Duration.ofSeconds(1));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.FETCH_TICKET);
    }

    @Test
    void a_ticket_that_is_refused_is_replaced_once_and_then_not_before_the_access_token_is_another() {
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.FETCH_TICKET);
        schedule.ticketFetched(DAY);
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.OPEN);
        schedule.openFailed(FeedEnd.refused("no"));
        assertThat(schedule.next(TOKEN)).as("a fresh one at once").isEqualTo(Step.FETCH_TICKET);
        schedule.ticketFetched(DAY);
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.OPEN);
        schedule.openFailed(FeedEnd.refused("no"));
        time.advance(Duration.ofHours(5));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.NOTHING);
        assertThat(schedule.isStopped()).isTrue();
        assertThat(schedule.next(Optional.of(Secret.of("second")))).isEqualTo(Step.FETCH_TICKET);
    }

    @Test
    void no_customer_is_asked_once() {
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.FETCH_TICKET);
        schedule.ticketFailed("no customer", true, Optional.empty());
        time.advance(Duration.ofHours(1));
        assertThat(schedule.next(TOKEN)).isEqualTo(Step.NOTHING);
        assertThat(schedule.reason()).contains("no customer");
    }
}
