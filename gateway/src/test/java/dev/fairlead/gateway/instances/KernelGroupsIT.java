package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * With groups of the kernel itself, where this account may make some: what needs no controller, which a system may keep
 * to version 1.
 */
class KernelGroupsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Limits LIMITS = Limits.NONE.changed(Optional.of("1GiB"), Optional.empty());
    private static final Path OWN = Path.of("/proc/self/cgroup");

    private final ProcessTable processes = new ProcessTable();
    private final List<ProcessHandle> started = new ArrayList<>();
    private Path group;

    @BeforeEach
    void make() throws IOException {
        Optional<Path> mount = mount();
        assumeThat(mount).as("a mount of control groups of version 2").isPresent();
        assumeThat(Files.isWritable(mount.get())).as("it may be written to").isTrue();
        try {
            group = Files.createDirectory(mount.get()
                    .resolve("fairlead-test-" + ProcessHandle.current().pid()));
        } catch (IOException e) {
            assumeThat(e).as("a group can be made").isNull();
        }
    }

    @AfterEach
    void remove() throws IOException {
        if (group == null) {
            return;
        }
        started.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> parts = Files.list(group)) {
            parts.filter(Files::isDirectory).forEach(KernelGroupsIT::empty);
        }
        empty(group);
    }

    private static void empty(Path group) {
        await().atMost(SOON).until(() -> {
            if (!Files.readString(group.resolve("cgroup.type")).startsWith("threaded")) { // which cannot be killed
                Files.writeString(group.resolve("cgroup.kill"), "1");
            }
            return Files.deleteIfExists(group);
        });
    }

    @Test
    void a_program_is_in_its_group_before_it_begins_and_so_is_all_it_starts() throws IOException {
        KeptLimits limits = limits();
        InstanceSettings settings = settings("a");

        Process process = start(limits, settings, "cat /proc/self/cgroup; exec sleep 600");

        assertThat(process.inputReader(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("0::"))
                        .findFirst()
                        .orElseThrow())
                .endsWith(group.getFileName() + "/instance-a");
        assertThat(limits.notKept(settings)).isEmpty();
        assertThat(limits.members("a")).extracting(ProcessIdentity::pid).contains(process.pid());
    }

    @Test
    void what_left_its_session_and_its_environment_is_found_killed_and_the_group_taken_away() throws IOException {
        KeptLimits limits = limits();
        Process process = start(limits, settings("a"), "env -i setsid sleep 600 & exit 0");
        await().atMost(SOON).until(() -> !process.isAlive());
        assertThat(limits.members("a")).as("the one that got away").hasSize(1);

        limits.kill("a");

        await().atMost(SOON).until(() -> limits.members("a").isEmpty());
        await().atMost(SOON).until(() -> {
            limits.ended("a");
            return Files.notExists(group.resolve("instance-a"));
        });
    }

    @Test
    void a_program_that_the_kernel_lets_in_nowhere_runs_all_the_same_and_says_why() throws IOException {
        Files.createDirectory(group.resolve("else"));
        Files.writeString(group.resolve("else/cgroup.type"), "threaded"); // so its neighbours hold no processes
        KeptLimits limits = limits();
        InstanceSettings settings = settings("a");

        Process process = start(limits, settings, "echo runs; exec sleep 600");

        assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("runs");
        assertThat(limits.notKept(settings).orElseThrow()).contains("refuses", "instance-a/cgroup.procs");
        assertThat(limits.notKept(settings("b"))).as("another's").isEmpty();
    }

    @Test
    void what_descends_from_the_gateway_is_moved_and_a_stranger_is_not() throws IOException {
        Process child = new ProcessBuilder("sleep", "600").start();
        started.add(child.toHandle());
        Files.writeString(group.resolve("cgroup.procs"), String.valueOf(child.pid()));
        Files.writeString(group.resolve("cgroup.procs"), String.valueOf(stranger()));
        ControlGroups groups = groups();
        String stranger = String.valueOf(started.get(1).pid());
        assertThat(groups.obstacle().orElseThrow()).contains("not the gateway's (" + stranger + ")");

        started.get(1).destroyForcibly();
        await().atMost(SOON)
                .until(() -> !Files.readAllLines(group.resolve("cgroup.procs")).contains(stranger));
        groups.prepare("a", LIMITS);

        assertThat(Files.readAllLines(group.resolve("gateway/cgroup.procs"))).containsExactly("" + child.pid());
        assertThat(Files.readAllLines(group.resolve("cgroup.procs"))).isEmpty();
    }

    @Test
    void groups_in_use_outlive_a_sweep() throws IOException {
        KeptLimits limits = limits();
        start(limits, settings("used"), "exec sleep 600");
        groups().prepare("unused", LIMITS);

        groups().sweep();

        assertThat(group.resolve("instance-used")).exists();
        assertThat(group.resolve("instance-unused")).doesNotExist();
    }

    /** A process whose parent is gone. */
    private long stranger() throws IOException {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 >/dev/null & echo $!").start();
        long pid =
                Long.parseLong(new String(parent.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        started.add(ProcessHandle.of(pid).orElseThrow());
        await().atMost(SOON).until(() -> !parent.isAlive());
        return pid;
    }

    private Process start(KeptLimits limits, InstanceSettings settings, String script) throws IOException {
        List<String> command = new ArrayList<>(limits.hold(settings));
        assertThat(command).isNotEmpty();
        command.addAll(List.of("sh", "-c", script));
        Process process = new ProcessBuilder(command).start();
        started.add(process.toHandle());
        limits.begin(settings.name(), process);
        return process;
    }

    private KeptLimits limits() {
        return new KeptLimits(
                groups(), processes, new Executables(Settings.defaults().instances(), "/usr/bin:/bin"));
    }

    private ControlGroups groups() {
        return new ControlGroups(
                Optional.of(group),
                OWN,
                List.of(),
                pid -> processes.isKin(pid, Optional.empty()),
                Files::isWritable,
                "");
    }

    private static InstanceSettings settings(String name) {
        return SampleSettings.of(name, 18_900, RestartPolicy.NEVER, Optional.empty(), LIMITS);
    }

    private static Optional<Path> mount() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
            return mounts.map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst();
        }
    }
}
