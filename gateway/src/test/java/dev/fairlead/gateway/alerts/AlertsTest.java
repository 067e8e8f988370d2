package dev.fairlead.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.settings.AlertRule.Kind;
import dev.fairlead.gateway.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private final ManualTime time = new ManualTime();
    private final Silences silences = new Silences();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Alerts alerts =
            alerts("instance_failed", "agent_gone=5m", "instance_flapping=3/5m", "dead_letter=1h");

    private Alerts alerts(String... rules) {
        Alerts made = new Alerts(time, () -> "alert-" + numbers.incrementAndGet(), silences);
        for (String rule : rules) {
            made.add(AlertRule.parse(rule));
        }
        return made;
    }

    private static List<Optional<Notice.Status>> told(List<Change> changes) {
        return changes.stream().map(Change::tell).toList();
    }

    @Test
    void an_occurrence_is_told_once_and_resolved_once() {
        assertThat(told(alerts.holds(Kind.INSTANCE_FAILED, "web", "it failed"))).containsExactly(firing());
        assertThat(alerts.holds(Kind.INSTANCE_FAILED, "web", "it failed")).isEmpty();

        time.advance(Duration.ofMinutes(2));
        List<Change> over = alerts.ends(Kind.INSTANCE_FAILED, "web");

        assertThat(told(over)).containsExactly(Optional.of(Notice.Status.RESOLVED));
        assertThat(over.get(0).alert().resolvedAt()).contains(time.instant());
        assertThat(alerts.ends(Kind.INSTANCE_FAILED, "web")).isEmpty();
    }

    @Test
    void the_same_again_is_another_occurrence() {
        String first =
                alerts.holds(Kind.INSTANCE_FAILED, "web", "").get(0).alert().id();
        assertThat(alerts.ends(Kind.INSTANCE_FAILED, "web")).hasSize(1);

        assertThat(alerts.holds(Kind.INSTANCE_FAILED, "web", "").get(0).alert().id())
                .isNotEqualTo(first);
    }

    @Test
    void what_must_hold_for_a_while_fires_when_it_has() {
        assertThat(alerts.holds(Kind.AGENT_GONE, "scout", "gone")).isEmpty();
        assertThat(alerts.next()).contains(Duration.ofMinutes(5));

        time.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(alerts.tick()).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(told(alerts.tick())).containsExactly(firing());
        assertThat(alerts.tick()).isEmpty();
    }

    @Test
    void what_did_not_hold_long_enough_is_never_told() {
        assertThat(alerts.holds(Kind.AGENT_GONE, "scout", "gone")).isEmpty();
        time.advance(Duration.ofMinutes(4));
        assertThat(alerts.ends(Kind.AGENT_GONE, "scout")).isEmpty();
        time.advance(Duration.ofMinutes(4));

        assertThat(alerts.tick()).isEmpty();
        assertThat(alerts.next()).isEmpty();
    }

    @Test
    void flapping_is_so_often_within_the_time() {
        assertThat(alerts.happened(Kind.INSTANCE_FLAPPING, "web", "1")).isEmpty();
        time.advance(Duration.ofMinutes(4));
        assertThat(alerts.happened(Kind.INSTANCE_FLAPPING, "web", "2")).isEmpty();
        time.advance(Duration.ofMinutes(2));
        assertThat(alerts.happened(Kind.INSTANCE_FLAPPING, "web", "3"))
                .as("the first is too long ago")
                .isEmpty();
        time.advance(Duration.ofMinutes(1));

        List<Change> fired = alerts.happened(Kind.INSTANCE_FLAPPING, "web", "4");
        assertThat(told(fired)).containsExactly(firing());
        assertThat(fired).as("news, however often it happened").allMatch(Change::news);
    }

    @Test
    void what_happens_again_counts_and_is_over_when_it_has_been_quiet() {
        assertThat(told(alerts.happened(Kind.DEAD_LETTER, "worker", "one"))).containsExactly(firing());
        time.advance(Duration.ofMinutes(59));
        Change again = alerts.happened(Kind.DEAD_LETTER, "worker", "two").get(0);
        assertThat(again.tell()).isEmpty();
        assertThat(again.news()).isFalse();
        assertThat(again.alert().count()).isEqualTo(2);
        time.advance(Duration.ofMinutes(59));
        assertThat(alerts.tick()).isEmpty();
        time.advance(Duration.ofMinutes(1));

        assertThat(told(alerts.tick())).containsExactly(Optional.of(Notice.Status.RESOLVED));
    }

    @Test
    void a_silenced_alert_shows_and_is_told_when_the_silence_is_over() {
        silences.put("instance_failed", time.instant().plus(Duration.ofHours(1)));
        assertThat(told(alerts.holds(Kind.INSTANCE_FAILED, "web", ""))).containsExactly(Optional.empty());
        assertThat(alerts.shown()).hasSize(1);
        assertThat(alerts.next()).contains(Duration.ofHours(1));

        time.advance(Duration.ofHours(1));

        List<Change> ended = alerts.tick();
        assertThat(told(ended)).containsExactly(firing());
        assertThat(ended).allMatch(Change::news);
    }

    @Test
    void what_came_and_went_in_a_silence_is_not_told_at_all() {
        silences.put(Silences.of("instance_failed", "web"), time.instant().plus(Duration.ofHours(1)));

        assertThat(told(alerts.holds(Kind.INSTANCE_FAILED, "web", ""))).containsExactly(Optional.empty());
        assertThat(told(alerts.ends(Kind.INSTANCE_FAILED, "web"))).containsExactly(Optional.empty());
        assertThat(told(alerts.holds(Kind.INSTANCE_FAILED, "other", "")))
                .as("a silence of one subject silences no other")
                .containsExactly(firing());
    }

    @Test
    void a_restart_neither_repeats_nor_forgets() {
        Alert web = alerts.holds(Kind.INSTANCE_FAILED, "web", "").get(0).alert();
        Alert other = alerts.holds(Kind.INSTANCE_FAILED, "other", "").get(0).alert();
        Alerts next = alerts("instance_failed");
        assertThat(next.restore(List.of(web, other))).isEmpty();

        assertThat(next.holds(Kind.INSTANCE_FAILED, "web", "")).as("still so").isEmpty();
        List<Change> over = next.settled(Set.of());

        assertThat(over).hasSize(1);
        assertThat(over.get(0).alert().id()).isEqualTo(other.id());
        assertThat(over.get(0).tell()).contains(Notice.Status.RESOLVED);
    }

    @Test
    void what_was_not_asked_for_to_the_end_is_not_over_for_being_left_out() {
        Alerts before = alerts("approval_waiting=0s");
        List<Alert> kept = before.holds(Kind.APPROVAL_WAITING, "old", "").stream()
                .map(Change::alert)
                .toList();
        Alerts next = alerts("approval_waiting=0s");
        assertThat(next.restore(kept)).isEmpty();

        assertThat(next.settled(Set.of(Kind.APPROVAL_WAITING))).isEmpty();
        assertThat(next.shown()).allMatch(Alert::isFiring).hasSize(1);
        assertThat(told(next.ends(Kind.APPROVAL_WAITING, "old"))).containsExactly(Optional.of(Notice.Status.RESOLVED));
    }

    @Test
    void an_alert_whose_rule_is_gone_is_over() {
        Alert web = alerts.holds(Kind.INSTANCE_FAILED, "web", "").get(0).alert();

        assertThat(told(alerts("agent_gone").restore(List.of(web))))
                .containsExactly(Optional.of(Notice.Status.RESOLVED));
        assertThat(told(alerts.remove("instance_failed"))).containsExactly(Optional.of(Notice.Status.RESOLVED));
    }

    @Test
    void a_disk_at_its_bound_does_not_come_and_go() {
        Alerts disk = alerts("disk_full=90%");
        assertThat(told(disk.fills(Kind.DISK_FULL, "d", 90, ""))).containsExactly(firing());
        assertThat(disk.fills(Kind.DISK_FULL, "d", 89, "")).isEmpty();
        assertThat(disk.fills(Kind.DISK_FULL, "d", 90, "")).isEmpty();

        assertThat(told(disk.fills(Kind.DISK_FULL, "d", 88, ""))).containsExactly(Optional.of(Notice.Status.RESOLVED));
    }

    @Test
    void only_so_many_fire_at_a_time_and_the_next_when_there_is_room() {
        IntStream.rangeClosed(1, Alerts.MOST_FIRING)
                .forEach(i -> assertThat(alerts.holds(Kind.INSTANCE_FAILED, "web-" + i, ""))
                        .hasSize(1));
        assertThat(alerts.holds(Kind.INSTANCE_FAILED, "late", "")).isEmpty();
        assertThat(alerts.ends(Kind.INSTANCE_FAILED, "web-1")).hasSize(1);

        assertThat(alerts.tick()).extracting(change -> change.alert().subject()).containsExactly("late");
    }

    @Test
    void what_is_found_for_a_rule_that_is_gone_is_nothing() {
        AlertRule rule = AlertRule.parse("log_line=FATAL");
        alerts.add(rule);
        assertThat(alerts.happened(rule, "web", "one")).hasSize(1);
        assertThat(alerts.remove(rule.id())).hasSize(1);

        assertThat(alerts.happened(rule, "web", "what was read before it went")).isEmpty();
        assertThat(alerts.next()).isEmpty();
    }

    private static Optional<Notice.Status> firing() {
        return Optional.of(Notice.Status.FIRING);
    }
}
