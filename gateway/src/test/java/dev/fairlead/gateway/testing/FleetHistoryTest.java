package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What holds others to their promises is held itself: each fault is seen. */
class FleetHistoryTest {
    private final FleetHistory history = new FleetHistory();

    @Test
    void what_is_right_is_no_fault_nor_is_a_second_delivery() {
        for (long number = 1; number <= 2; number++) {
            history.delivered("a>b", number, "id" + number, 1);
            history.accepted("a>b", number, "id" + number);
        }
        history.delivered("a>b", 1, "id1", 2);
        history.acknowledged("id1", 2);
        history.acknowledged("id2", 1);
        assertThat(history.violations()).isEmpty();
        assertThat(history.missing()).isEmpty();
    }

    @Test
    void a_lost_message_is_seen() {
        history.accepted("a>b", 1, "id1");
        assertThat(history.missing()).containsExactly("id1");
    }

    @Test
    void a_message_made_twice_is_seen() {
        history.accepted("a>b", 1, "id1");
        history.delivered("a>b", 1, "id2", 1);
        assertThat(history.violations()).hasSize(1);
    }

    @Test
    void a_message_that_overtakes_is_seen() {
        history.delivered("a>b", 2, "id2", 1);
        history.delivered("a>b", 1, "id1", 1);
        assertThat(history.violations()).hasSize(1);
    }

    @Test
    void an_acknowledgement_of_another_connection_that_is_taken_is_seen() {
        history.delivered("a>b", 1, "id1", 1, 7);
        history.acknowledging("id1", 1, 8);
        history.taken("id1", 1);
        assertThat(history.violations()).hasSize(1);

        history.delivered("a>b", 2, "id2", 1, 7);
        history.acknowledging("id2", 1, 7);
        history.acknowledging("id2", 1, 8); // its answer may have been lost
        history.taken("id2", 1);
        assertThat(history.violations()).hasSize(1);
    }

    @Test
    void a_delivery_of_what_was_acknowledged_and_an_acknowledgement_of_another_attempt_are_seen() {
        history.acknowledged("id1", 1);
        history.delivered("a>b", 1, "id1", 2);
        history.acknowledged("id1", 2);
        assertThat(history.violations()).hasSize(2);
    }
}
