package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.InstanceStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances that depend on each other start in order, whatever happens in between. */
class InstanceOrderTest extends DecidedInstances {
    @Test
    void what_an_instance_depends_on_is_started_for_it_and_first() {
        create("db");
        create("web", on("db", Condition.STARTED));
        act("web", Action.START);
        assertThat(launched).containsExactly("db");
        assertThat(status("web")).isEqualTo(InstanceStatus.STARTING);
        assertThat(reason("web")).isEqualTo("It waits until 'db' has started (starting)");
        runs("db");
        assertThat(launched).containsExactly("db", "web");
        runs("web");
        assertThat(status("web")).isEqualTo(InstanceStatus.RUNNING);
        assertThat(get("web").reason()).isEmpty();
    }

    @Test
    void a_chain_starts_from_its_end() {
        create("c");
        create("b", on("c", Condition.STARTED));
        create("a", on("b", Condition.STARTED), on("c", Condition.STARTED));
        act("a", Action.START);
        assertThat(launched).containsExactly("c");
        runs("c");
        assertThat(launched).containsExactly("c", "b");
        runs("b");
        assertThat(launched).containsExactly("c", "b", "a");
    }

    @Test
    void healthy_waits_for_a_check_that_passed() {
        definitions(settings("db", Optional.of(HealthProbe.TCP), Optional.empty(), false));
        create("web", on("db", Condition.HEALTHY));
        act("web", Action.START);
        runs("db");
        assertThat(launched).containsExactly("db");
        see(supervisor.checked("db", spawn("db"), Optional.of("refused")));
        assertThat(launched).containsExactly("db");
        see(supervisor.checked("db", spawn("db"), Optional.empty()));
        assertThat(launched).containsExactly("db", "web");
    }

    @Test
    void completed_waits_for_exit_code_0() {
        create("migrate");
        create("web", on("migrate", Condition.COMPLETED));
        act("web", Action.START);
        runs("migrate");
        exits("migrate", 3);
        assertThat(launched).containsExactly("migrate");
        assertThat(reason("web")).isEqualTo("It waits until 'migrate' has completed (stopped, exit code 3)");
        act("migrate", Action.START);
        runs("migrate");
        exits("migrate", 0);
        assertThat(launched).containsExactly("migrate", "migrate", "web");
    }

    @Test
    void what_has_completed_is_not_run_again_for_the_next_one() {
        create("migrate");
        act("migrate", Action.START);
        runs("migrate");
        exits("migrate", 0);
        create("web", on("migrate", Condition.COMPLETED));
        act("web", Action.START);
        assertThat(launched).containsExactly("migrate", "web");
    }

    @Test
    void one_that_says_when_it_is_ready_has_not_started_before() {
        definitions(settings("db", Optional.empty(), Optional.of(log("listening")), false));
        create("web", on("db", Condition.STARTED));
        act("web", Action.START);
        runs("db");
        assertThat(status("db")).isEqualTo(InstanceStatus.STARTING);
        assertThat(get("db").process()).isPresent();
        assertThat(reason("db")).isEqualTo("It runs, and is ready when its log says 'listening'");
        assertThat(launched).containsExactly("db");
        see(supervisor.ready("db", spawn("db")));
        assertThat(status("db")).isEqualTo(InstanceStatus.RUNNING);
        assertThat(launched).containsExactly("db", "web");
    }

    @Test
    void readiness_of_a_spawn_that_is_over_counts_for_nothing() {
        definitions(settings("db", Optional.empty(), Optional.of(log("listening")), false));
        act("db", Action.START);
        runs("db");
        String old = spawn("db");
        exits("db", 1);
        assertThat(supervisor.ready("db", old)).isEmpty();
        act("db", Action.START);
        runs("db");
        assertThat(supervisor.ready("db", old)).isEmpty();
    }

    @Test
    void one_that_waits_can_be_stopped_and_is_not_started_later() {
        create("db");
        create("web", on("db", Condition.STARTED));
        act("web", Action.START);
        act("web", Action.STOP);
        assertThat(status("web")).isEqualTo(InstanceStatus.STOPPED);
        runs("db");
        assertThat(launched).containsExactly("db");
    }

    @Test
    void what_was_stopped_by_hand_is_not_started_again_for_one_that_waits() {
        create("db");
        create("web", on("db", Condition.HEALTHY));
        act("web", Action.START);
        act("db", Action.STOP);
        runs("db");
        ends("db");
        assertThat(status("db")).isEqualTo(InstanceStatus.STOPPED);
        assertThat(launched).containsExactly("db");
        assertThat(reason("web")).isEqualTo("It waits until 'db' is healthy (stopped)");
    }

    @Test
    void one_that_died_waits_for_what_it_depends_on_and_does_not_start_it() {
        create("db");
        definitions(settings("web", RestartPolicy.ALWAYS, false, on("db", Condition.STARTED)));
        act("web", Action.START);
        runs("db");
        runs("web");
        act("db", Action.STOP);
        ends("db");
        exits("web", 1);
        see(starts.woken("web", get("web").recent().wake()));
        assertThat(reason("web")).isEqualTo("It waits until 'db' has started (stopped)");
        assertThat(launched).containsExactly("db", "web");
        act("db", Action.START);
        runs("db");
        assertThat(launched).containsExactly("db", "web", "db", "web");
    }

    @Test
    void one_that_is_archived_is_waited_for_and_not_started() {
        create("db");
        create("web", on("db", Condition.STARTED));
        act("db", Action.ARCHIVE);
        act("web", Action.START);
        assertThat(launched).isEmpty();
        assertThat(reason("web")).isEqualTo("It waits until 'db' has started (archived)");
    }

    @Test
    void a_gateway_that_comes_back_takes_up_an_ordered_start_where_it_was() {
        create("db");
        create("migrate", on("db", Condition.STARTED));
        create("web", on("migrate", Condition.COMPLETED));
        act("web", Action.START);
        runs("db");
        runs("migrate");
        Instance db = get("db");
        comesBack(Map.of("db", db.process().orElseThrow()));
        assertThat(status("db")).isEqualTo(InstanceStatus.RUNNING);
        // Its end was not seen: that is no completion, and it is run again.
        assertThat(launched).containsExactly("db", "migrate", "migrate");
        assertThat(get("web").isHeld()).isTrue();
        runs("migrate");
        exits("migrate", 0);
        assertThat(launched).containsExactly("db", "migrate", "migrate", "web");
    }

    @Test
    void one_that_was_getting_ready_is_waited_for_by_the_next_gateway() {
        definitions(settings("db", Optional.empty(), Optional.of(log("listening")), false));
        act("db", Action.START);
        runs("db");
        comesBack(Map.of("db", get("db").process().orElseThrow()));
        assertThat(get("db").isGettingReady()).isTrue();
        see(supervisor.ready("db", spawn("db")));
        assertThat(status("db")).isEqualTo(InstanceStatus.RUNNING);
    }

    @Test
    void what_starts_with_the_gateway_starts_in_order_whatever_its_name() {
        definitions(settings("z", RestartPolicy.NEVER, true));
        act("z", Action.START);
        runs("z");
        exits("z", 0);
        definitions(settings("a", RestartPolicy.NEVER, true, on("z", Condition.COMPLETED)));
        launched.clear();
        comesBack(Map.of());
        assertThat(launched).containsExactly("z"); // its last run does not count once there is another
        runs("z");
        exits("z", 0);
        assertThat(launched).containsExactly("z", "a");
    }

    @Test
    void a_shutdown_releases_none_that_wait() {
        create("db");
        create("web", on("db", Condition.STARTED));
        act("web", Action.START);
        supervisor.shutDown().forEach(decision -> see(Optional.of(decision)));
        runs("db");
        ends("db");
        assertThat(launched).containsExactly("db");
        assertThat(status("web")).isEqualTo(InstanceStatus.STOPPED);
    }

    @ParameterizedTest
    @CsvSource({
        "a, Field 'depends_on' names 'a' itself",
        "d, 'Field ''depends_on'' names ''d'', and no instance on this node has that name; make it first'",
        "c, 'Field ''depends_on'' makes a circle, in which none can start first: a → c → b → a'",
    })
    void what_none_can_wait_for_is_refused(String name, String why) {
        create("a");
        create("b", on("a", Condition.STARTED));
        create("c", on("b", Condition.STARTED));
        refused(
                ErrorCode.BAD_REQUEST,
                why,
                () -> definitions.change(settings("a", RestartPolicy.NEVER, false, on(name, Condition.STARTED))));
    }

    @Test
    void what_others_depend_on_cannot_be_deleted() {
        create("db");
        create("web", on("db", Condition.STARTED));
        act("db", Action.ARCHIVE);
        refused(ErrorCode.CONFLICT, "'web'", () -> definitions.delete("db"));
    }

    @Test
    void dependencies_change_while_they_are_waited_for() {
        create("db");
        create("web", on("db", Condition.HEALTHY));
        act("web", Action.START);
        definitions(settings("web", RestartPolicy.NEVER, false));
        assertThat(launched).containsExactly("db", "web");
    }

    @Test
    void names_are_put_in_order_each_after_what_it_depends_on() {
        create("x");
        create("c");
        create("b", on("c", Condition.STARTED));
        create("a", on("b", Condition.STARTED), on("c", Condition.STARTED));
        assertThat(dependencies.inOrder(List.of("a", "x", "c"))).containsExactly("c", "a", "x");
    }
}
