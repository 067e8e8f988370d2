package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceSupervisorTest {
    private static final String NAME = "agent-1";

    private final ManualTime time = new ManualTime();
    private final Settings.Instances settings = Settings.defaults().instances();
    private final List<Effect> effects = new ArrayList<>();
    private int spawns;
    private Instances instances;
    private Definitions definitions;
    private Starts starts;
    private InstanceSupervisor supervisor;

    @BeforeEach
    void empty() {
        supervisor = fresh();
    }

    private InstanceSupervisor fresh() {
        instances = new Instances();
        Dependencies dependencies = new Dependencies(instances);
        definitions = new Definitions(instances, dependencies, time, "node-1");
        starts = new Starts(instances, dependencies, time, () -> "node-1.s" + ++spawns);
        return new InstanceSupervisor(instances, definitions, starts, time, settings, () -> 1.0);
    }

    @Test
    void an_instance_starts_runs_stops_and_has_stopped() {
        create(RestartPolicy.NEVER);
        act(Action.START);
        assertThat(one().status()).isEqualTo(InstanceStatus.STARTING);
        assertThat(effects).last().isInstanceOf(Effect.Launch.class);
        launched();
        assertThat(one().status()).isEqualTo(InstanceStatus.RUNNING);
        act(Action.STOP);
        assertThat(one().status()).isEqualTo(InstanceStatus.STOPPING);
        assertThat(effects).last().isInstanceOf(Effect.Stop.class);
        exit(143);
        assertThat(one().status()).isEqualTo(InstanceStatus.STOPPING);
        see(supervisor.ended(NAME, spawn()));
        assertThat(one().status()).isEqualTo(InstanceStatus.STOPPED);
        assertThat(one().exitCode()).contains(143);
        assertThat(one().process()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "NEVER, 0, STOPPED", "NEVER, 1, STOPPED",
        "ON_FAILURE, 0, STOPPED", "ON_FAILURE, 1, STARTING",
        "ALWAYS, 0, STARTING", "ALWAYS, 137, STARTING"
    })
    void an_exit_is_followed_by_what_the_policy_says(RestartPolicy policy, int code, InstanceStatus status) {
        running(policy);
        exit(code);
        assertThat(one().status()).isEqualTo(status);
        assertThat(one().exitCode()).contains(code);
    }

    @Test
    void restarts_back_off_from_1_s_doubling() {
        running(RestartPolicy.ALWAYS);
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            exit(1);
            waits.add(wake().delay());
            time.advance(Duration.ofSeconds(16)); // too slow for five deaths in a minute
            woken();
            launched();
        }
        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void a_process_that_lasted_starts_the_backoff_anew() {
        running(RestartPolicy.ALWAYS);
        for (int i = 0; i < 3; i++) {
            exit(1);
            woken();
            launched();
        }
        time.advance(Duration.ofSeconds(60));
        exit(1);
        assertThat(wake().delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(one().restarts()).isEqualTo(4);
    }

    @Test
    void five_deaths_in_a_minute_are_a_failure_that_tells_the_last_lines() {
        running(RestartPolicy.ALWAYS);
        for (int i = 0; i < 4; i++) {
            exit(3);
            time.advance(wake().delay());
            woken();
            launched();
        }
        see(supervisor.exited(NAME, spawn(), Optional.of(3), List.of("cannot open the config")));
        assertThat(one().status()).isEqualTo(InstanceStatus.FAILED);
        assertThat(one().reason().orElseThrow())
                .contains("5 times within 60 s")
                .contains("code 3")
                .contains("cannot open the config");
    }

    @Test
    void a_start_that_is_refused_counts_as_a_death_and_goes_through_the_backoff() {
        create(RestartPolicy.ON_FAILURE);
        act(Action.START);
        String refused = spawn();
        see(supervisor.launchFailed(NAME, refused, "the system refused: error=11"));
        assertThat(one().status()).isEqualTo(InstanceStatus.STARTING);
        assertThat(one().reason().orElseThrow()).contains("could not be started", "error=11", "next start is in 1.0 s");
        assertThat(effects)
                .anyMatch(effect -> effect instanceof Effect.Sweep sweep
                        && sweep.spawn().id().equals(refused));
        woken();
        launched();
        assertThat(one().status()).isEqualTo(InstanceStatus.RUNNING);
    }

    @Test
    void starts_refused_five_times_in_a_minute_are_a_failure() {
        create(RestartPolicy.ALWAYS);
        act(Action.START);
        for (int i = 0; i < 4; i++) {
            see(supervisor.launchFailed(NAME, spawn(), "no memory"));
            woken();
        }
        see(supervisor.launchFailed(NAME, spawn(), "no memory"));
        assertThat(one().status()).isEqualTo(InstanceStatus.FAILED);
        assertThat(one().reason().orElseThrow()).contains("5 times within 60 s", "no memory");
    }

    @Test
    void a_refused_start_of_one_that_is_never_restarted_is_a_failure() {
        create(RestartPolicy.NEVER);
        act(Action.START);
        see(supervisor.launchFailed(NAME, spawn(), "no memory"));
        assertThat(one().status()).isEqualTo(InstanceStatus.FAILED);
    }

    @Test
    void news_of_a_process_that_is_no_longer_its_own_count_for_nothing() {
        running(RestartPolicy.ALWAYS);
        String old = spawn();
        exit(1);
        woken();
        launched();
        assertThat(supervisor.exited(NAME, old, Optional.of(1), List.of())).isEmpty();
        assertThat(supervisor.ended(NAME, old)).isEmpty();
        assertThat(supervisor.checked(NAME, old, Optional.of("no"))).isEmpty();
        assertThat(supervisor.launched(NAME, old, process(9))).isEmpty();
    }

    @Test
    void a_stop_between_two_starts_ends_the_restarts() {
        running(RestartPolicy.ALWAYS);
        exit(1);
        Effect.Wake wake = wake();
        act(Action.STOP);
        assertThat(one().status()).isEqualTo(InstanceStatus.STOPPED);
        assertThat(starts.woken(NAME, wake.number())).isEmpty();
    }

    @Test
    void a_stop_during_the_start_takes_effect_as_soon_as_the_process_is_known() {
        create(RestartPolicy.ALWAYS);
        act(Action.START);
        act(Action.STOP);
        assertThat(effects).noneMatch(Effect.Stop.class::isInstance);
        launched();
        assertThat(one().status()).isEqualTo(InstanceStatus.STOPPING);
        assertThat(effects).last().isInstanceOf(Effect.Stop.class);
    }

    @Test
    void a_restart_starts_again_once_it_has_stopped() {
        running(RestartPolicy.NEVER);
        String old = spawn();
        act(Action.RESTART);
        see(supervisor.ended(NAME, old));
        assertThat(one().status()).isEqualTo(InstanceStatus.STARTING);
        assertThat(spawn()).isNotEqualTo(old);
    }

    @Test
    void three_failed_checks_make_it_unhealthy_and_one_good_one_running() {
        running(RestartPolicy.NEVER);
        check(Optional.of("refused"));
        check(Optional.of("refused"));
        assertThat(one().status()).isEqualTo(InstanceStatus.RUNNING);
        check(Optional.of("refused"));
        assertThat(one().status()).isEqualTo(InstanceStatus.UNHEALTHY);
        assertThat(one().reason().orElseThrow()).contains("refused");
        check(Optional.empty());
        assertThat(one().status()).isEqualTo(InstanceStatus.RUNNING);
    }

    @Test
    void what_does_not_fit_the_state_is_refused_with_the_state() {
        create(RestartPolicy.NEVER);
        refused(() -> supervisor.act(NAME, Action.STOP), "stopped");
        refused(() -> supervisor.act(NAME, Action.UNARCHIVE), "not archived");
        refused(() -> definitions.delete(NAME), "archive it first");
        act(Action.ARCHIVE);
        refused(() -> supervisor.act(NAME, Action.START), "unarchive it first");
        refused(() -> supervisor.act(NAME, Action.ARCHIVE), "archived");
        act(Action.UNARCHIVE);
        act(Action.START);
        launched();
        refused(() -> supervisor.act(NAME, Action.START), "running");
        refused(() -> supervisor.act(NAME, Action.ARCHIVE), "stop it first");
        refused(() -> definitions.change(one().settings().as(NAME, settings.portBase() + 1)), "stop it first");
        assertThat(definitions.change(one().settings()).after()).isPresent(); // nothing its process was started with
    }

    @Test
    void ports_and_names_are_given_once() {
        create(RestartPolicy.NEVER);
        assertThat(instances.portsTaken()).containsExactly(settings.portBase());
        assertThatThrownBy(() -> definitions.create(one().settings()))
                .returns(ErrorCode.NAME_TAKEN, failure -> ((FairleadException) failure).code());
        assertThatThrownBy(() -> definitions.create(one().settings().as("other", settings.portBase())))
                .returns(ErrorCode.CONFLICT, failure -> ((FairleadException) failure).code());
    }

    @Test
    void the_next_gateway_takes_up_what_still_runs_and_starts_nothing_beside_it() {
        running(RestartPolicy.ALWAYS);
        Instance stored = one().with(Recent.NOTHING);
        supervisor = fresh();
        instances.know(stored);
        effects.clear();
        see(supervisor.recovered(NAME, stored.process()));
        assertThat(one().status()).isEqualTo(InstanceStatus.RUNNING);
        assertThat(effects).isEmpty();
    }

    @Test
    void a_process_that_was_started_but_never_recorded_is_taken_up_as_its_own() {
        create(RestartPolicy.ALWAYS);
        act(Action.START);
        effects.clear();
        see(supervisor.recovered(NAME, Optional.of(process(77))));
        assertThat(one().process()).contains(process(77));
        assertThat(effects).noneMatch(Effect.Launch.class::isInstance);
    }

    @Test
    void what_died_while_no_gateway_ran_has_ended_and_the_policy_applies() {
        running(RestartPolicy.ON_FAILURE);
        see(supervisor.recovered(NAME, Optional.empty()));
        assertThat(one().status()).isEqualTo(InstanceStatus.STARTING);
        assertThat(one().exitCode()).isEmpty();
        assertThat(effects).anyMatch(Effect.Sweep.class::isInstance).anyMatch(Effect.Wake.class::isInstance);
    }

    @Test
    void a_stop_that_the_gateway_died_in_is_taken_up_again() {
        running(RestartPolicy.ALWAYS);
        act(Action.STOP);
        effects.clear();
        see(supervisor.recovered(NAME, Optional.empty()));
        assertThat(effects).singleElement().isInstanceOf(Effect.Stop.class);
    }

    @Test
    void a_shutdown_stops_all_and_starts_none() {
        running(RestartPolicy.ALWAYS);
        supervisor.shutDown().forEach(decision -> see(Optional.of(decision)));
        exit(0);
        see(supervisor.ended(NAME, spawn()));
        assertThat(one().status()).isEqualTo(InstanceStatus.STOPPED);
    }

    private void create(RestartPolicy policy) {
        see(Optional.of(definitions.create(SampleSettings.of(NAME, settings.portBase(), policy))));
    }

    private void running(RestartPolicy policy) {
        create(policy);
        act(Action.START);
        launched();
    }

    private void act(Action action) {
        see(Optional.of(supervisor.act(NAME, action)));
    }

    private void launched() {
        see(supervisor.launched(NAME, spawn(), process(100 + spawns)));
    }

    private void exit(int code) {
        see(supervisor.exited(NAME, spawn(), Optional.of(code), List.of()));
    }

    private void check(Optional<String> failure) {
        see(supervisor.checked(NAME, spawn(), failure));
    }

    private void woken() {
        see(starts.woken(NAME, wake().number()));
    }

    private Effect.Wake wake() {
        return effects.stream()
                .filter(Effect.Wake.class::isInstance)
                .map(Effect.Wake.class::cast)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private void see(Optional<Decision> decision) {
        instances.commit(decision.orElseThrow());
        effects.addAll(decision.get().effects());
    }

    private Instance one() {
        return instances.get(NAME);
    }

    private String spawn() {
        return one().spawn().orElseThrow().id();
    }

    private static ProcessIdentity process(long pid) {
        return new ProcessIdentity(pid, 1_000 + pid, "boot");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable command, String why) {
        assertThatThrownBy(command)
                .hasMessageContaining(why)
                .returns(ErrorCode.INVALID_STATE, failure -> ((FairleadException) failure).code());
    }
}
