package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read of processes, added up and kept. */
class UsageTest {
    private static final Instant START = Instant.parse("2026-11-21T05:00:00Z");

    @Test
    void a_process_is_read_whatever_its_name() {
        String stat =
                "4242 (a) S 1 (x) S 17 4200 4100 0 -1 4194304 12 0 0 0 250 50 30 20 20 0 7 0 98765 1000000 321 1844";
        assertThat(ProcStat.parse(4242, stat)).contains(new ProcStat(4242, 17, 4200, 4100, 98_765, 350, 7, 321));
        assertThat(ProcStat.parse(4242, stat.replace(") S 17", ") Z 17"))).isEmpty();
    }

    @Test
    void a_tree_is_its_leaders_session_and_group_and_all_that_descends_from_it() {
        TreeUsage trees = new TreeUsage(Map.of(6L, 4_096L, 17L, 100L));
        List<ProcStat> processes = List.of(
                stat(10, 1, 10, 10),
                stat(11, 10, 11, 10), // of its session
                stat(12, 11, 12, 12), // a child that left the session
                stat(13, 1, 10, 13), // of its group
                stat(20, 1, 20, 20),
                stat(30, 1, 30, 30)); // another's pid by now
        Map<String, ProcessIdentity> leaders = Map.of(
                "a", new ProcessIdentity(10, 5, "boot"),
                "b", new ProcessIdentity(20, 5, "boot"),
                "c", new ProcessIdentity(30, 4, "boot"));

        Map<String, TreeUsage.Used> used =
                trees.of(processes, leaders, pid -> pid == 20 ? Optional.empty() : Optional.of(3));
        assertThat(used).containsOnlyKeys("a", "b");
        assertThat(used.get("a")).isEqualTo(new TreeUsage.Used(4, 4 * 10 * 4_096, Optional.of(12), 8, 4));
        assertThat(used.get("b")).isEqualTo(new TreeUsage.Used(1, 10 * 4_096, Optional.empty(), 2, 1));
    }

    @Test
    void each_sample_is_kept_for_an_hour_and_each_minute_for_a_day() {
        UsageRing ring = new UsageRing();
        int samples = 2 * 24 * 720;
        for (int i = 0; i < samples; i++) {
            ring.add(sample(i));
        }
        Instant now = START.plusSeconds(5L * (samples - 1));

        List<Usage> hour = ring.since(now.minus(Duration.ofHours(1)), Duration.ofHours(1));
        assertThat(hour).hasSize(720).last().isEqualTo(sample(samples - 1));
        List<Instant> times = new ArrayList<>();
        ring.since(now.minus(Duration.ofHours(24)), Duration.ofHours(24)).forEach(one -> times.add(one.at()));
        assertThat(times).hasSizeBetween(1_438, 1_440).isSorted().doesNotHaveDuplicates();
        assertThat(Duration.between(times.get(0), now)).isGreaterThan(Duration.ofMinutes(1_437));
    }

    @Test
    void a_trend_has_the_most_of_each_of_its_steps_the_oldest_first() {
        UsageRing ring = new UsageRing();
        for (int i = 0; i < 7; i++) {
            ring.add(sample(i));
        }
        Instant now = START.plusSeconds(30);
        Duration range = Duration.ofMinutes(10);

        UsageTrend trend = UsageTrend.of(ring.since(now.minus(range), range), now, range);
        assertThat(trend.cpuPercent()).hasSize(30).startsWith(0.0).endsWith(1.0, 6.0);
        assertThat(trend.memoryBytes()).hasSize(30).startsWith(0L).endsWith(1_024L, 6 * 1_024L);
    }

    @Test
    void a_minute_is_its_mean_processor_time_and_the_most_of_all_else() {
        UsageRing ring = new UsageRing();
        for (int i = 0; i <= 12; i++) {
            ring.add(sample(i));
        }
        List<Usage> minutes = ring.since(START, Duration.ofHours(24));
        assertThat(minutes).hasSize(1);
        Usage minute = minutes.get(0);
        assertThat(minute.at()).isEqualTo(START);
        assertThat(minute.cpuPercent().orElseThrow()).isCloseTo(6, within(0.01)); // 1 to 11: the first has none
        assertThat(minute.memoryBytes()).isEqualTo(11 * 1_024);
        assertThat(minute.openFiles()).contains(11);
        assertThat(minute.logBytes()).isEqualTo(11 * 1_024);
    }

    private static ProcStat stat(long pid, long parent, long group, long session) {
        return new ProcStat(pid, parent, group, session, 5, 100, 2, 10);
    }

    private static Usage sample(int i) {
        int value = i % 720;
        return new Usage(
                START.plusSeconds(5L * i),
                i == 0 ? Optional.empty() : Optional.of((double) value),
                value * 1_024L,
                Optional.of(value),
                value,
                1,
                value * 1_024L);
    }
}
