package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux' control groups, version 2, which keep instances to their limits: one for each that has some, below a group
 * that the gateway may divide. Blocks on the kernel: for workers.
 */
public final class ControlGroups {
    /** Made with the first line that is told: a command that asks for the obstacle alone has no log. */
    private static final class Told {
        private static final Logger log = LoggerFactory.getLogger(ControlGroups.class);
    }

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final String V2 = "0::";
    private static final String AVAILABLE = "cgroup.controllers";

    /** Of the gateway's own processes: a group that is divided has none itself. */
    private static final String GATEWAY = "gateway";

    private static final String PART = "instance-";
    private static final String PROCESSES = "cgroup.procs";
    private static final String DIVIDED = "cgroup.subtree_control";
    private static final List<String> CONTROLLERS = List.of("cpu", "memory");

    /** Microseconds over which a processor is shared out. */
    private static final int PERIOD = 100_000;

    private static final int MICROS_OF_THOUSANDTH = PERIOD / 1_000;
    /** Most processes that a reason names. */
    private static final int NAMED = 5;

    private final Optional<Path> wanted;
    private final Path membership;
    private final List<String> controllers;
    private final LongPredicate ours;
    private final Predicate<Path> writable;
    /** How the names of its instances' groups begin: two gateways may be below one group. */
    private final String parts;

    private Optional<Path> divided = Optional.empty();

    /**
     * As a gateway of this process has them.
     *
     * @param folder the group that may be divided; the gateway's own where there is none
     */
    public ControlGroups(Optional<Path> folder) {
        this(folder, OWN, CONTROLLERS, pid -> new ProcessTable().isKin(pid, Optional.empty()), Files::isWritable, "");
    }

    /**
     * As one gateway has them.
     *
     * @param membership tells what groups the gateway is in, as {@code /proc/self/cgroup} does
     * @param controllers what keeps the limits
     * @param ours whether a process is the gateway's, which alone may be moved between groups
     * @param writable whether the gateway's account may write there
     * @param spawnPrefix how the ids of its spawns begin, which tells its instances' groups from another gateway's
     */
    ControlGroups(
            Optional<Path> folder,
            Path membership,
            List<String> controllers,
            LongPredicate ours,
            Predicate<Path> writable,
            String spawnPrefix) {
        this.wanted = folder;
        this.membership = membership;
        this.controllers = controllers;
        this.ours = ours;
        this.writable = writable;
        this.parts = PART + spawnPrefix;
    }

    /** As a gateway has them whose spawns' ids begin like this. */
    static ControlGroups of(Optional<Path> folder, String spawnPrefix) {
        ProcessTable processes = new ProcessTable();
        return new ControlGroups(
                folder,
                OWN,
                CONTROLLERS,
                pid -> processes.isKin(pid, Optional.of(spawnPrefix)),
                Files::isWritable,
                spawnPrefix);
    }

    /** Why instances cannot be kept to limits here, and what mends it; empty where they can. */
    public Optional<String> obstacle() {
        Optional<Path> folder = folder();
        if (folder.isEmpty()) {
            return Optional.of("This system has no control groups of version 2 at " + ROOT
                    + ", which keep processes to limits; Linux has them where it was not started with version 1");
        }
        Path group = folder.get();
        List<String> missing = new ArrayList<>(controllers);
        try {
            missing.removeAll(
                    List.of(Files.readString(group.resolve(AVAILABLE)).strip().split(" ", -1)));
        } catch (IOException e) {
            return Optional.of(group + " is no control group of version 2: it has no readable " + AVAILABLE
                    + "; instances.cgroup names one that is the gateway's");
        }
        if (!missing.isEmpty()) {
            return Optional.of("The control group " + group + " was not given " + String.join(" and ", missing)
                    + "; Delegate=yes in the gateway's unit gives it both");
        }
        if (!writable.test(group) || !writable.test(group.resolve(DIVIDED))) {
            return Optional.of("The gateway may not divide its control group " + group
                    + "; in its unit, Delegate=yes and ProtectControlGroups=no allow that, or instances.cgroup names one"
                    + " that is its own");
        }
        return wayIn(group).or(() -> strangers(group));
    }

    /** The kernel moves a process only for who may write to the nearest group above both ends. */
    private Optional<String> wayIn(Path group) {
        Path top = group;
        while (top.getParent() != null && Files.exists(top.getParent().resolve(AVAILABLE))) {
            top = top.getParent();
        }
        Optional<String> member = member();
        if (member.isEmpty() || member.get().contains("/..")) {
            return Optional.empty(); // above what is seen from here: the kernel tells at the first start
        }
        Path own = below(top, member.get());
        Path common = own;
        while (!group.startsWith(common)) {
            common = common.getParent();
        }
        Path gate = common.resolve(PROCESSES);
        return Files.exists(gate) && !writable.test(gate)
                ? Optional.of("The gateway is in the control group " + own
                        + " and may not move instances from there to "
                        + group + ": the kernel asks for write access to " + gate + ", which is above both; give the"
                        + " gateway's account that, or let instances.cgroup name a group inside the gateway's own, which"
                        + " Delegate=yes in its unit makes its own to divide")
                : Optional.empty();
    }

    /** What is not the gateway's and would have to be moved: a group that is divided has no processes itself. */
    private Optional<String> strangers(Path group) {
        if (!movesProcesses(group)) {
            return Optional.empty();
        }
        try (Stream<String> pids = Files.lines(group.resolve(PROCESSES))) {
            List<String> foreign = new ArrayList<>(
                    pids.filter(pid -> !ours.test(Long.parseLong(pid))).toList());
            if (!foreign.isEmpty()) { // one that ended while it was looked at was nobody's
                foreign.retainAll(Files.readAllLines(group.resolve(PROCESSES)));
            }
            return foreign.isEmpty()
                    ? Optional.empty()
                    : Optional.of("The control group " + group + " holds processes that are not the gateway's ("
                            + String.join(", ", foreign.subList(0, Math.min(NAMED, foreign.size())))
                            + "), and they are not moved; run the gateway as a unit of its"
                            + " own with Delegate=yes (systemd-run --scope -p Delegate=yes …, or its service), or let"
                            + " instances.cgroup name a group without processes");
        } catch (IOException | UncheckedIOException e) {
            return Optional.of("The processes of the control group " + group + " cannot be read (" + e.getMessage()
                    + "); instances.cgroup names a group that is the gateway's");
        }
    }

    /** The system's topmost group has no type: it may have both processes and parts. */
    private static boolean movesProcesses(Path group) {
        return Files.exists(group.resolve("cgroup.type"));
    }

    /**
     * Makes the group that keeps an instance to its limits.
     *
     * @throws IOException if there is none, or the kernel refuses it; the message says what mends it
     */
    synchronized void prepare(String instance, Limits limits) throws IOException {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        Path group = divided().resolve(parts + instance);
        Files.createDirectories(group);
        if (controllers.contains("memory")) {
            write(
                    group.resolve("memory.max"),
                    limits.memoryMax().map(String::valueOf).orElse("max"));
            Path swap = group.resolve("memory.swap.max"); // where the kernel counts it
            if (Files.exists(swap)) {
                write(swap, limits.memoryMax().isPresent() ? "0" : "max");
            }
        }
        if (controllers.contains("cpu")) {
            write(
                    group.resolve("cpu.max"),
                    limits.cpuMax()
                                    .map(share -> String.valueOf((long) share * MICROS_OF_THOUSANDTH))
                                    .orElse("max") + " " + PERIOD);
        }
    }

    /**
     * Puts a process into the group that was prepared for an instance.
     *
     * @throws IOException if the kernel refuses it
     */
    void enter(String instance, long pid) throws IOException {
        write(group(instance).orElseThrow(() -> new IOException("It is gone")).resolve(PROCESSES), pid + "\n");
    }

    /** Whether what a process has in its {@code /proc/…/cgroup} says that it is in an instance's group. */
    boolean holds(List<String> memberships, String instance) {
        return memberships.stream()
                .anyMatch(line -> line.startsWith(V2) && (line + "/").contains("/" + parts + instance + "/"));
    }

    /** The processes that are in an instance's group. */
    List<Long> members(String instance) {
        Optional<Path> group = group(instance);
        if (group.isEmpty()) {
            return List.of();
        }
        try {
            return Files.readAllLines(group.get().resolve(PROCESSES)).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Kills all that is in an instance's group, whatever became of its sessions and parents. */
    void kill(String instance) {
        Optional<Path> kill =
                group(instance).map(group -> group.resolve("cgroup.kill")).filter(Files::exists);
        if (kill.isPresent()) { // the kernel has it from 5.14 on
            try {
                write(kill.get(), "1");
            } catch (IOException e) {
                Told.log.warn("{}", e.getMessage());
            }
        }
    }

    /** Takes away the group of an instance of which nothing runs. */
    void leave(String instance) {
        group(instance).ifPresent(ControlGroups::remove);
    }

    private Optional<Path> group(String instance) {
        return folder().map(folder -> folder.resolve(parts + instance)).filter(Files::isDirectory);
    }

    /** Takes away the groups of instances in which nothing runs. */
    synchronized void sweep() {
        Optional<Path> folder = folder().filter(Files::isDirectory);
        if (folder.isEmpty()) {
            return;
        }
        try (Stream<Path> groups = Files.list(folder.get())) {
            groups.filter(group -> group.getFileName().toString().startsWith(parts))
                    .forEach(ControlGroups::remove);
        } catch (IOException e) {
            Told.log.debug("Control groups of instances are left: {}", e.getMessage());
        }
    }

    /** The kernel keeps one that is in use. */
    private static void remove(Path group) {
        try {
            Files.delete(group);
        } catch (IOException inUse) {
            Told.log.debug("The control group {} stays: {}", group, inUse.getMessage());
        }
    }

    private Optional<Path> folder() {
        return wanted.isPresent() ? wanted : own();
    }

    private Optional<Path> own() {
        return Files.exists(ROOT.resolve(AVAILABLE)) ? member().map(path -> below(ROOT, path)) : Optional.empty();
    }

    private static Path below(Path top, String member) {
        return top.resolve(member.replaceFirst("^/+", ""));
    }

    /** The gateway's own group, from the topmost on. */
    private Optional<String> member() {
        try (Stream<String> lines = Files.lines(membership)) {
            return lines.filter(line -> line.startsWith(V2))
                    .findFirst()
                    .map(line -> line.substring(V2.length()))
                    // Once it has been divided, the gateway is in a part of it.
                    .map(path ->
                            path.endsWith("/" + GATEWAY) ? path.substring(0, path.length() - GATEWAY.length()) : path);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** The group whose parts have limits: what is in it itself goes into a part of its own first. */
    private Path divided() throws IOException {
        if (divided.isEmpty()) {
            Path group = folder().orElseThrow();
            if (movesProcesses(group)) {
                moveProcesses(group);
            }
            if (!controllers.isEmpty()) {
                write(group.resolve(DIVIDED), "+" + String.join(" +", controllers));
            }
            divided = Optional.of(group);
        }
        return divided.get();
    }

    private void moveProcesses(Path group) throws IOException {
        List<String> pids = Files.readAllLines(group.resolve(PROCESSES));
        Path gateway = Files.createDirectories(group.resolve(GATEWAY)).resolve(PROCESSES);
        for (String pid : pids) {
            if (ours.test(Long.parseLong(pid))) {
                try {
                    write(gateway, pid);
                } catch (IOException e) {
                    Told.log.debug("Process {} stays where it was, or has ended: {}", pid, e.getMessage());
                }
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        try {
            Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IOException(
                    "The control group refuses '" + text.strip() + "' in " + file + ": " + e.getMessage(), e);
        }
    }
}
