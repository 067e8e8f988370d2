package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.FairleadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With plain folders in place of the kernel's: what is written where is the same. */
class ControlGroupsTest {
    private static final Limits BOTH = Limits.NONE.changed(Optional.of("1GiB"), Optional.of(1.5));

    @TempDir
    Path group;

    @Test
    void a_group_is_divided_with_its_own_processes_in_a_part_of_theirs() throws IOException {
        delegate("cpuset cpu io memory pids");
        Files.writeString(group.resolve("cgroup.type"), "domain\n");
        Files.writeString(group.resolve("cgroup.procs"), "17\n");
        ControlGroups groups = groups();

        groups.prepare("a", BOTH);
        groups.enter("a", 99);

        assertThat(group.resolve("instance-a/cgroup.procs")).hasContent("99");
        assertThat(group.resolve("gateway/cgroup.procs")).hasContent("17");
        assertThat(group.resolve("cgroup.subtree_control")).hasContent("+cpu +memory");
        assertThat(group.resolve("instance-a/memory.max")).hasContent("1073741824");
        assertThat(group.resolve("instance-a/cpu.max")).hasContent("150000 100000");
    }

    @Test
    void processes_that_are_not_the_gateways_are_not_moved_and_limits_are_off() throws IOException {
        delegate("cpu memory");
        Files.writeString(group.resolve("cgroup.type"), "domain\n");
        Files.writeString(group.resolve("cgroup.procs"), "17\n4242\n");

        assertThat(groups().obstacle().orElseThrow()).contains("not the gateway's (4242)", "Delegate=yes");
        assertThatThrownBy(() -> groups().prepare("a", BOTH)).isInstanceOf(IOException.class);
        assertThat(group.resolve("gateway")).doesNotExist();
        assertThat(group.resolve("cgroup.subtree_control")).isEmptyFile();
    }

    @Test
    void a_way_in_that_the_kernel_would_refuse_is_told_with_what_opens_it() throws IOException {
        Path wanted = Files.createDirectory(group.resolve("instances.slice"));
        Files.createDirectories(group.resolve("system.slice/gateway.service"));
        delegate(group, "cpu memory");
        delegate(wanted, "cpu memory");
        Path above = Files.createFile(group.resolve("cgroup.procs"));
        Path membership = Files.writeString(group.resolve("self"), "0::/system.slice/gateway.service\n");

        assertThat(groups(wanted, membership, file -> true).obstacle()).isEmpty();
        assertThat(groups(wanted, membership, file -> !file.equals(above))
                        .obstacle()
                        .orElseThrow())
                .contains("system.slice/gateway.service", "write access to " + above, "Delegate=yes");
    }

    @Test
    void a_limit_that_was_taken_away_is_none_from_the_next_start_on() throws IOException {
        delegate("cpu memory");
        ControlGroups groups = groups();
        groups.prepare("a", BOTH);

        groups.prepare("a", BOTH.changed(Optional.of(""), Optional.empty()));

        assertThat(group.resolve("instance-a/memory.max")).hasContent("max");
        assertThat(group.resolve("instance-a/cpu.max")).hasContent("150000 100000");
    }

    @Test
    void what_cannot_be_divided_is_told_with_what_mends_it() throws IOException {
        assertThat(groups().obstacle().orElseThrow()).contains(group.toString(), "instances.cgroup");
        delegate("cpu io");
        assertThat(groups().obstacle().orElseThrow()).contains("not given memory", "Delegate=yes");
        assertThatThrownBy(() -> groups().prepare("a", BOTH))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Delegate=yes");
        delegate("cpu memory");
        assertThat(groups().obstacle()).isEmpty();
    }

    @Test
    void groups_that_nothing_uses_are_swept_and_others_stay() throws IOException {
        Path unused = Files.createDirectory(group.resolve("instance-gone"));
        Path used = Files.createDirectory(group.resolve("instance-there"));
        Files.createFile(used.resolve("cgroup.procs"));
        Path others = Files.createDirectory(group.resolve("else"));

        groups().sweep();

        assertThat(unused).doesNotExist();
        assertThat(used).exists();
        assertThat(others).exists();
    }

    @Test
    void two_gateways_below_one_group_leave_each_others_instances_alone() throws IOException {
        delegate("cpu memory");
        groups("n1.").prepare("a", BOTH);
        ControlGroups others = groups("n2.");
        others.prepare("a", Limits.NONE.changed(Optional.of("2GiB"), Optional.empty()));
        others.sweep();

        assertThat(group.resolve("instance-n1.a/memory.max")).hasContent("1073741824");
        assertThat(group.resolve("instance-n2.a/memory.max")).hasContent("2147483648");
        assertThat(others.holds(List.of("0::/x/instance-n2.a"), "a")).isTrue();
        assertThat(others.holds(List.of("0::/x/instance-n1.a"), "a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lots", "512", "1MB", "-1MiB", "9999999GiB"})
    void a_size_that_is_none_or_holds_no_program_is_refused(String size) {
        assertThatThrownBy(() -> Limits.NONE.changed(Optional.of(size), Optional.empty()))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("'memory_max'");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0.001, 1_001, Double.NaN})
    void a_share_of_no_core_or_of_too_many_is_refused(double cores) {
        assertThatThrownBy(() -> Limits.NONE.changed(Optional.empty(), Optional.of(cores)))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("'cpu_max'");
    }

    @Test
    void limits_are_told_as_they_were_given() {
        assertThat(BOTH.memoryText()).contains("1GiB");
        assertThat(BOTH.cores()).contains(1.5);
        assertThat(BOTH.changed(Optional.of(""), Optional.of(0.0)).isNone()).isTrue();
    }

    private void delegate(String controllers) throws IOException {
        delegate(group, controllers);
    }

    private static void delegate(Path group, String controllers) throws IOException {
        Files.writeString(group.resolve("cgroup.controllers"), controllers + "\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), "");
    }

    private ControlGroups groups() {
        return groups(group, Path.of("/proc/self/cgroup"), Files::isWritable);
    }

    private ControlGroups groups(String spawnPrefix) {
        return new ControlGroups(
                Optional.of(group),
                Path.of("/proc/self/cgroup"),
                List.of("cpu", "memory"),
                pid -> pid == 17,
                Files::isWritable,
                spawnPrefix);
    }

    private static ControlGroups groups(Path group, Path membership, Predicate<Path> writable) {
        return new ControlGroups(
                Optional.of(group), membership, List.of("cpu", "memory"), pid -> pid == 17, writable, "");
    }
}
