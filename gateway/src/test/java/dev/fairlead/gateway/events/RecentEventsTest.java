package dev.fairlead.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.StreamPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final RecentEvents recent = new RecentEvents();

    @Test
    void what_is_remembered_is_not_whole_where_it_does_not_reach_back_far_enough() {
        tell(0, RecentEvents.KEPT + 10);

        assertThat(recent.since(NOON.plusSeconds(20)).whole()).isTrue();
        assertThat(recent.since(NOON).whole()).isFalse();
    }

    @Test
    void what_is_kept_and_what_is_not_kept_yet_is_told_once_in_order() {
        tell(0, 150);
        List<EventTable.Told> kept = new ArrayList<>();
        for (int n = 0; n < 140; n++) { // the last ten wait for the database
            kept.add(told(n));
        }

        EventCommands.Happened happened = recent.since(NOON, kept);

        assertThat(happened.whole()).isTrue();
        assertThat(happened.events()).hasSize(150).doesNotHaveDuplicates();
        assertThat(happened.events().get(149)).isEqualTo(told(149).event());
    }

    @Test
    void of_more_than_is_told_at_once_the_newest_is_and_that_it_is_not_whole() {
        List<EventTable.Told> kept = new ArrayList<>();
        for (int n = 0; n <= EventCommands.MOST_TOLD; n++) {
            kept.add(told(n));
        }

        EventCommands.Happened happened = recent.since(NOON, kept);

        assertThat(happened.whole()).isFalse();
        assertThat(happened.events()).hasSize(EventCommands.MOST_TOLD);
        assertThat(happened.events().get(0)).isEqualTo(told(1).event());
    }

    private void tell(int from, int to) {
        for (int n = from; n < to; n++) {
            recent.add(told(n).event(), told(n).at());
        }
    }

    private static EventTable.Told told(int n) {
        Instant at = NOON.plusSeconds(n);
        return new EventTable.Told(
                at,
                new StreamPosition("e", n),
                new EventsFrame.InstanceEvent("i" + n, "status_changed", InstanceStatus.RUNNING, at));
    }
}
