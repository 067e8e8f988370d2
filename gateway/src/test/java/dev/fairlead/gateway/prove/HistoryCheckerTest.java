package dev.fairlead.gateway.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planted turns the verdict red, each kind by itself. */
class HistoryCheckerTest {
    @TempDir
    Path temp;

    private final List<HistoryEvent> events = new ArrayList<>(List.of(
            new HistoryEvent.Served(100),
            new HistoryEvent.Accepted(110, "k1", "m1"),
            new HistoryEvent.Delivered(120, "k1", "m1", 1),
            new HistoryEvent.FaultBegan(1_000, 1, FaultKind.KILLED, ""),
            new HistoryEvent.FaultEnded(1_100, 1, true),
            new HistoryEvent.Served(4_100),
            new HistoryEvent.Measured(4_200, 1, 6, 0.5),
            new HistoryEvent.Delivered(4_300, "k1", "m1", 2),
            new HistoryEvent.Settled(4_400, "m1"),
            new HistoryEvent.Accepted(4_500, "k2", "m2"),
            new HistoryEvent.Delivered(4_510, "k2", "m2", 1),
            new HistoryEvent.Settled(4_520, "m2"),
            new HistoryEvent.Served(5_000),
            new HistoryEvent.Ended(5_100)));

    @Test
    void a_day_on_which_all_came_once_or_again_before_it_was_settled_is_a_good_one() {
        Receipt receipt = verdict();
        assertThat(receipt.broken()).isEmpty();
        assertThat(receipt)
                .returns(2L, Receipt::acknowledged)
                .returns(2L, Receipt::settled)
                .returns(0L, Receipt::lost)
                .returns(0L, Receipt::twice)
                .returns(4_000L, Receipt::longestSilenceMs)
                .returns(3_000L, Receipt::slowestReturnMs)
                .returns(6L, Receipt::mostLogLines)
                .returns(1, Receipt::faultsMade);
    }

    @Test
    void a_message_that_was_acknowledged_and_never_came_is_lost() {
        events.add(new HistoryEvent.Accepted(5_000, "k3", "m3"));
        assertThat(verdict().lost()).isEqualTo(1);
        assertThat(verdict().broken()).containsExactly("Message m3 was acknowledged and is lost");
    }

    @Test
    void a_settled_message_the_gateway_does_not_know_at_the_end_is_lost() {
        events.add(new HistoryEvent.Missing(6_000, "m1"));
        assertThat(verdict().lost()).isEqualTo(1);
        assertThat(verdict().kept()).isFalse();
    }

    @Test
    void a_message_that_comes_again_after_its_acknowledgement_was_taken_came_twice() {
        events.add(new HistoryEvent.Delivered(6_000, "k1", "m1", 3));
        assertThat(verdict().twice()).isEqualTo(1);
        assertThat(verdict().broken()).containsExactly("Message m1 came twice");
    }

    @Test
    void a_key_that_made_two_messages_came_twice_whether_accepted_or_delivered() {
        events.add(new HistoryEvent.Accepted(6_000, "k1", "m9"));
        events.add(new HistoryEvent.Delivered(6_000, "k2", "m8", 1));
        events.add(new HistoryEvent.Delivered(6_100, "k1", "m9", 1));
        assertThat(verdict().twice()).isEqualTo(2);
    }

    @Test
    void a_return_that_takes_too_long_is_told_with_the_fault_and_a_restart_may_take_longer() {
        events.add(new HistoryEvent.FaultBegan(10_000, 2, FaultKind.MOVED, "2 s"));
        events.add(new HistoryEvent.FaultEnded(12_000, 2, false));
        events.add(new HistoryEvent.Served(12_000 + HistoryChecker.RETURN_MS + 1));
        events.add(new HistoryEvent.Measured(18_000, 2, 0, 2));
        events.add(new HistoryEvent.FaultBegan(20_000, 3, FaultKind.KILLED, ""));
        events.add(new HistoryEvent.FaultEnded(20_000, 3, true));
        events.add(new HistoryEvent.Served(20_000 + HistoryChecker.RETURN_MS + 1));
        events.add(new HistoryEvent.Measured(26_000, 3, 0, 2));
        assertThat(verdict().broken())
                .containsExactly("Fault 2 (data folder away, 2 s): served again 5001 ms after its end, more than 5000");
    }

    @Test
    void on_a_machine_that_others_keep_busy_a_return_may_take_longer_in_proportion() {
        events.add(new HistoryEvent.FaultBegan(10_000, 2, FaultKind.FROZEN, ""));
        events.add(new HistoryEvent.FaultEnded(12_000, 2, false));
        events.add(new HistoryEvent.Served(12_000 + 2 * HistoryChecker.RETURN_MS));
        events.add(new HistoryEvent.Measured(22_000, 2, 0, 2 * HistoryChecker.BUSY));
        assertThat(verdict().kept()).isTrue();
        events.add(new HistoryEvent.Measured(22_000, 2, 0, 2 * HistoryChecker.BUSY - 0.1));
        assertThat(verdict().kept()).isFalse();
    }

    @Test
    void a_fault_after_which_nothing_is_served_is_told() {
        events.add(new HistoryEvent.FaultBegan(10_000, 2, FaultKind.FROZEN, ""));
        events.add(new HistoryEvent.FaultEnded(12_000, 2, false));
        assertThat(verdict().broken()).containsExactly("Fault 2 (frozen): nothing was served after it");
    }

    @Test
    void a_fault_that_fills_the_log_is_told() {
        events.add(new HistoryEvent.Measured(6_000, 1, HistoryChecker.LOG_LINES + 1, 0.5));
        assertThat(verdict().broken()).containsExactly("Fault 1 (killed): 21 lines in the log, more than 20");
    }

    @Test
    void silence_until_the_end_counts() {
        events.add(new HistoryEvent.Ended(65_000));
        assertThat(verdict().longestSilenceMs()).isEqualTo(60_000);
    }

    @Test
    void what_goes_wrong_in_itself_is_told_as_it_is() {
        events.add(new HistoryEvent.Problem(6_000, "It ended with 1 at SIGTERM"));
        assertThat(verdict().broken()).containsExactly("It ended with 1 at SIGTERM");
    }

    @Test
    void the_verdict_is_the_same_on_what_was_kept_in_a_file() throws IOException {
        events.add(new HistoryEvent.Accepted(6_000, "k1", "m9"));
        events.add(new HistoryEvent.Missing(6_000, "m2"));
        events.add(new HistoryEvent.Problem(6_000, "a \"problem\""));
        HistoryChecker checker = new HistoryChecker();
        try (History history = History.begin(temp.resolve("history"), new ManualTime())) {
            events.forEach(history::add);
            history.tell(checker);
            assertThat(history.lastServed()).isEqualTo(5_000);
        }
        assertThat(checker.receipt(7, List.of())).isEqualTo(verdict());
    }

    private Receipt verdict() {
        HistoryChecker checker = new HistoryChecker();
        events.forEach(checker::see);
        return checker.receipt(7, List.of());
    }
}
