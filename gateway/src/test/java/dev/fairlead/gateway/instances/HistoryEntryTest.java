package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What decisions add to the history of their instance. */
class HistoryEntryTest {
    private final ManualTime time = new ManualTime();
    private final Instances instances = new Instances();
    private final List<HistoryEntry> history = new ArrayList<>();
    private final Dependencies dependencies = new Dependencies(instances);
    private final Definitions definitions = new Definitions(instances, dependencies, time, "node-1");
    private final InstanceSupervisor supervisor = new InstanceSupervisor(
            instances,
            definitions,
            new Starts(instances, dependencies, time, () -> "spawn"),
            time,
            Settings.defaults().instances(),
            () -> 1.0);

    @Test
    void a_life_is_told_from_its_making_to_its_end_with_who_did_what() {
        create(RestartPolicy.NEVER);
        see(supervisor.act("a", Action.START).by("operator"));
        see(supervisor.launched("a", "spawn", new ProcessIdentity(7, 1, "boot")).orElseThrow());
        see(supervisor
                .exited("a", "spawn", Optional.of(3), List.of("ready", "\u001b[31mno config\u001b[0m"))
                .orElseThrow());
        assertThat(history)
                .extracting(HistoryEntry::kind)
                .containsExactly("created", "starting", "running", "exited", "stopped");
        assertThat(history)
                .extracting(HistoryEntry::actor)
                .containsExactly(
                        Optional.of("operator"),
                        Optional.of("operator"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertThat(history.get(2).pid()).contains(7L);
        HistoryEntry exit = history.get(3);
        assertThat(exit.exitCode()).contains(3);
        assertThat(exit.reason()).contains("It exited with code 3");
        assertThat(exit.lastLines()).containsExactly("ready", "no config");
        assertThat(exit.at()).isEqualTo(time.instant());
    }

    @Test
    void each_death_that_is_followed_by_a_restart_is_told_with_its_signal() {
        create(RestartPolicy.ALWAYS);
        see(supervisor.act("a", Action.START).by("operator"));
        see(supervisor.launched("a", "spawn", new ProcessIdentity(7, 1, "boot")).orElseThrow());
        see(supervisor.exited("a", "spawn", Optional.of(137), List.of()).orElseThrow());
        assertThat(history.get(3).reason()).contains("It was ended by signal 9");
        assertThat(history.get(4).kind()).isEqualTo("starting");
        assertThat(history.get(4).reason().orElseThrow()).contains("the next start is in");
        assertThat(history.get(4).restarts()).isEqualTo(1);
    }

    @Test
    void the_end_of_a_process_that_was_stopped_is_told_once() {
        create(RestartPolicy.ALWAYS);
        see(supervisor.act("a", Action.START).by("operator"));
        see(supervisor.launched("a", "spawn", new ProcessIdentity(7, 1, "boot")).orElseThrow());
        see(supervisor.act("a", Action.STOP).by("chat"));
        see(supervisor.exited("a", "spawn", Optional.of(143), List.of()).orElseThrow());
        see(supervisor.ended("a", "spawn").orElseThrow());
        assertThat(history)
                .extracting(HistoryEntry::kind)
                .containsExactly("created", "starting", "running", "stopping", "exited", "stopped");
        assertThat(history.get(3).actor()).contains("chat");
    }

    @Test
    void health_is_told_when_it_changes_not_with_each_check() {
        create(RestartPolicy.NEVER);
        see(supervisor.act("a", Action.START).by("operator"));
        see(supervisor.launched("a", "spawn", new ProcessIdentity(7, 1, "boot")).orElseThrow());
        for (int i = 0; i < 5; i++) {
            see(supervisor.checked("a", "spawn", Optional.of("refused")).orElseThrow());
        }
        see(supervisor.checked("a", "spawn", Optional.empty()).orElseThrow());
        assertThat(history)
                .extracting(HistoryEntry::kind)
                .containsExactly("created", "starting", "running", "unhealthy", "running");
    }

    private void create(RestartPolicy policy) {
        see(definitions.create(SampleSettings.of("a", 18_801, policy)).by("operator"));
    }

    private void see(Decision decision) {
        instances.commit(decision);
        if (decision.stored()) {
            history.addAll(HistoryEntry.of(decision));
        }
    }
}
