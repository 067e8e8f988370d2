package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times of a schedule are served once each, whatever the clock or the gateway does. It is midnight UTC at first. */
class SchedulesTest {
    private static final String NAME = "job";

    private final ManualTime time = new ManualTime();
    private final Settings.Instances settings = Settings.defaults().instances();
    private final List<String> history = new ArrayList<>();
    private Instances instances = new Instances();
    private Definitions definitions;
    private InstanceSupervisor supervisor;
    private Schedules schedules;
    private int spawns;
    private int launches;

    @BeforeEach
    void begin() {
        Dependencies dependencies = new Dependencies(instances);
        Starts starts = new Starts(instances, dependencies, time, () -> "s" + ++spawns);
        definitions = new Definitions(instances, dependencies, time, "node-1");
        supervisor = new InstanceSupervisor(instances, definitions, starts, time, settings, () -> 1.0);
        schedules = new Schedules(instances, starts, time);
    }

    @Test
    void an_instance_is_started_when_its_time_has_come_and_once() {
        create(cron("30 0 * * *"));
        assertThat(next()).isEqualTo("2026-01-01T00:30:00Z");
        passes(Duration.ofMinutes(29));
        assertThat(launches).isZero();
        passes(Duration.ofMinutes(1));
        assertThat(launches).isEqualTo(1);
        assertThat(next()).isEqualTo("2026-01-02T00:30:00Z");
        runsAndEnds();
        passes(Duration.ofHours(23));
        assertThat(launches).isEqualTo(1);
        passes(Duration.ofHours(1));
        assertThat(launches).isEqualTo(2);
    }

    @Test
    void a_time_that_finds_it_running_is_skipped_and_told() {
        create(cron("0 * * * *"));
        passes(Duration.ofHours(1));
        runs();
        passes(Duration.ofHours(1));
        assertThat(launches).isEqualTo(1);
        assertThat(history).last().isEqualTo("skipped: It was running when its time had come");
    }

    @Test
    void a_time_that_is_long_gone_when_the_gateway_is_back_is_missed_and_told() {
        create(cron("0 3 * * *"));
        isAway(Duration.ofHours(4));
        assertThat(launches).isZero();
        assertThat(history).last().isEqualTo("missed: Nobody started it at 2026-01-01T03:00:00Z");
        isAway(Duration.ofHours(23).plus(Schedules.LATE).minusMinutes(1));
        assertThat(launches).isEqualTo(1);
    }

    @Test
    void of_many_times_that_are_gone_the_last_one_is_served_where_it_is_not_long_ago() {
        create(cron("* * * * *"));
        isAway(Duration.ofHours(4));
        assertThat(launches).isEqualTo(1);
        assertThat(schedules.due()).isEmpty();
    }

    @Test
    void a_clock_that_goes_back_lets_nothing_run_twice() {
        create(cron("30 0 * * *"));
        passes(Duration.ofMinutes(30));
        runsAndEnds();
        time.shiftWallClock(Duration.ofMinutes(-20));
        passes(Duration.ofMinutes(20));
        assertThat(launches).isEqualTo(1);
        passes(Duration.ofHours(24));
        assertThat(launches).isEqualTo(2);
    }

    @Test
    void a_clock_that_was_far_ahead_does_not_silence_a_schedule() {
        create(cron("30 0 * * *"));
        time.shiftWallClock(Duration.ofDays(365));
        serve();
        time.shiftWallClock(Duration.ofDays(-365));
        serve();
        assertThat(next()).isEqualTo("2026-01-01T00:30:00Z");
        passes(Duration.ofMinutes(30));
        assertThat(launches).isEqualTo(1);
    }

    @Test
    void a_single_start_is_made_late_too_and_never_again() {
        create(at("2026-01-01T00:10:00Z"));
        isAway(Duration.ofDays(3));
        assertThat(launches).isEqualTo(1);
        assertThat(schedules.next(one())).isEmpty();
        runsAndEnds();
        isAway(Duration.ofDays(1));
        assertThat(launches).isEqualTo(1);
    }

    @Test
    void a_gateway_that_dies_between_decision_and_start_leads_to_one_start() {
        create(cron("30 0 * * *"));
        time.advance(Duration.ofMinutes(30));
        Instance stored = schedules.serve(NAME).orElseThrow().after().orElseThrow();
        comesBack(stored);
        see(supervisor.recovered(NAME, Optional.empty()).orElseThrow());
        assertThat(launches).isEqualTo(1);
        assertThat(schedules.due()).isEmpty();
    }

    @Test
    void another_schedule_counts_from_when_it_was_set() {
        create(cron("30 0 * * *"));
        time.advance(Duration.ofMinutes(50));
        see(definitions.change(settings(cron("40 0 * * *"))));
        serve();
        assertThat(launches).isZero();
        assertThat(next()).isEqualTo("2026-01-02T00:40:00Z");
        see(definitions.change(settings(Optional.empty())));
        assertThat(schedules.any()).isFalse();
        assertThat(schedules.next(one())).isEmpty();
    }

    @Test
    void an_archived_instance_is_not_started() {
        create(cron("30 0 * * *"));
        see(supervisor.act(NAME, Action.ARCHIVE));
        passes(Duration.ofHours(1));
        assertThat(launches).isZero();
        see(supervisor.act(NAME, Action.UNARCHIVE));
        serve();
        assertThat(launches).as("what came meanwhile is over").isZero();
        assertThat(history).noneMatch(entry -> entry.startsWith("missed"));
        passes(Duration.ofHours(24));
        assertThat(launches).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        // Clocks go from 02:00 to 03:00 on 29 March: what is in that hour runs right after it.
        "'30 2 * * *', 2026-03-28T12:00:00Z, 2026-03-29T01:00:00Z",
        "'0 4 * * *',  2026-03-28T12:00:00Z, 2026-03-29T02:00:00Z",
        // They go back from 03:00 to 02:00 on 25 October: what is in that hour runs the first time alone.
        "'30 2 * * *', 2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
        "'30 2 * * *', 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        // What runs every few minutes runs in both.
        "'*/30 * * * *', 2026-10-25T00:30:00Z, 2026-10-25T01:00:00Z",
        "'*/30 * * * *', 2026-10-25T01:00:00Z, 2026-10-25T01:30:00Z",
        "'*/30 * * * *', 2026-03-29T00:30:00Z, 2026-03-29T01:00:00Z",
    })
    void daylight_saving_time_leaves_out_and_doubles_no_daily_time(String cron, Instant after, Instant then) {
        assertThat(ScheduledTimes.of(new Schedule(Optional.of(cron), Optional.of("Europe/Berlin"), Optional.empty()))
                        .after(after))
                .contains(then);
    }

    @ParameterizedTest
    @CsvSource({
        "'61 * * * *', UTC, schedule.cron",
        "'* * * *', UTC, schedule.cron",
        "'0 0 31 2 *', UTC, no time to come",
        "'0 0 * * *', Mars/Olympus, schedule.zone",
    })
    void what_never_comes_is_refused(String cron, String zone, String why) {
        assertThatThrownBy(() -> ScheduledTimes.of(new Schedule(Optional.of(cron), Optional.of(zone), Optional.empty()))
                        .require(time.instant()))
                .hasMessageContaining(why);
    }

    @Test
    void a_moment_that_is_gone_and_two_schedules_in_one_are_refused() {
        assertThatThrownBy(() -> ScheduledTimes.of(at("2025-12-31T00:00:00Z").orElseThrow())
                        .require(time.instant()))
                .hasMessageContaining("no time to come");
        assertThatThrownBy(() -> ScheduledTimes.of(
                        new Schedule(Optional.of("* * * * *"), Optional.empty(), Optional.of(time.instant()))))
                .hasMessageContaining("either cron or at");
    }

    private static Optional<Schedule> cron(String cron) {
        return Optional.of(new Schedule(Optional.of(cron), Optional.empty(), Optional.empty()));
    }

    private static Optional<Schedule> at(String moment) {
        return Optional.of(new Schedule(Optional.empty(), Optional.empty(), Optional.of(Instant.parse(moment))));
    }

    private void create(Optional<Schedule> schedule) {
        see(definitions.create(settings(schedule)));
    }

    private InstanceSettings settings(Optional<Schedule> schedule) {
        return SampleSettings.of(NAME, settings.portBase(), RestartPolicy.NEVER, schedule, Limits.NONE);
    }

    /** Time passes, and the schedules are looked at each minute. */
    private void passes(Duration duration) {
        for (long minute = 0; minute < duration.toMinutes(); minute++) {
            time.advance(Duration.ofMinutes(1));
            serve();
        }
    }

    /** Time passes while there is no gateway. */
    private void isAway(Duration duration) {
        Instance stored = one();
        time.advance(duration);
        comesBack(stored);
        serve();
    }

    private void comesBack(Instance stored) {
        instances = new Instances();
        instances.know(stored.with(Recent.NOTHING));
        begin();
    }

    private void serve() {
        schedules.due().forEach(name -> schedules.serve(name).ifPresent(this::see));
    }

    private void runs() {
        see(supervisor
                .launched(NAME, spawn(), new ProcessIdentity(7, 1, "boot"))
                .orElseThrow());
    }

    private void runsAndEnds() {
        runs();
        see(supervisor.exited(NAME, spawn(), Optional.of(0), List.of()).orElseThrow());
    }

    private void see(Decision decision) {
        instances.commit(decision);
        launches += (int) decision.effects().stream()
                .filter(Effect.Launch.class::isInstance)
                .count();
        HistoryEntry.of(decision)
                .forEach(entry ->
                        history.add(entry.kind() + ": " + entry.reason().orElse("")));
    }

    private Instance one() {
        return instances.get(NAME);
    }

    private String spawn() {
        return one().spawn().orElseThrow().id();
    }

    private String next() {
        return schedules.next(one()).orElseThrow().toString();
    }
}
