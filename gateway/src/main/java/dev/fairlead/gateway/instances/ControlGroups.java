package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux' control groups, version 2, which keep instances to their limits: one for each that has some, below a group
 * that the gateway may divide. Blocks on the kernel: for workers.
 */
public final class ControlGroups {
    private static final Logger log = LoggerFactory.getLogger(ControlGroups.class);

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final String V2 = "0::";

    /** Of the gateway's own processes: a group that is divided has none itself. */
    private static final String GATEWAY = "gateway";

    private static final String INSTANCE = "instance-";
    private static final String PROCESSES = "cgroup.procs";
    private static final String DIVIDED = "cgroup.subtree_control";
    private static final List<String> CONTROLLERS = List.of("cpu", "memory");

    /** Microseconds over which a processor is shared out. */
    private static final int PERIOD = 100_000;

    private static final int MICROS_OF_THOUSANDTH = PERIOD / 1_000;

    private final Optional<Path> wanted;
    private Optional<Path> divided = Optional.empty();

    /** @param folder the group that may be divided; the gateway's own where there is none */
    public ControlGroups(Optional<Path> folder) {
        this.wanted = folder;
    }

    /** Why instances cannot be kept to limits here, and what mends it; empty where they can. */
    public Optional<String> obstacle() {
        Optional<Path> folder = folder();
        if (folder.isEmpty()) {
            return Optional.of("This system has no control groups of version 2 at " + ROOT
                    + ", which keep processes to limits; Linux has them where it was not started with version 1");
        }
        Path group = folder.get();
        List<String> missing = new ArrayList<>(CONTROLLERS);
        try {
            missing.removeAll(List.of(Files.readString(group.resolve("cgroup.controllers"))
                    .strip()
                    .split(" ", -1)));
        } catch (IOException e) {
            return Optional.of(group + " is no control group of version 2: it has no readable cgroup.controllers;"
                    + " instances.cgroup names one that is the gateway's");
        }
        if (!missing.isEmpty()) {
            return Optional.of("The control group " + group + " was not given " + String.join(" and ", missing)
                    + "; Delegate=yes in the gateway's unit gives it both");
        }
        if (!Files.isWritable(group) || !Files.isWritable(group.resolve(DIVIDED))) {
            return Optional.of("The gateway may not divide its control group " + group
                    + "; in its unit, Delegate=yes and ProtectControlGroups=no allow that, or instances.cgroup names one"
                    + " that is its own");
        }
        return Optional.empty();
    }

    /**
     * The file of the group that keeps an instance to its limits: a process that writes its id there is in it.
     *
     * @throws IOException if there is none, or the kernel refuses it; the message says what mends it
     */
    synchronized Path enter(String instance, Limits limits) throws IOException {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        Path group = divided().resolve(INSTANCE + instance);
        Files.createDirectories(group);
        write(
                group.resolve("memory.max"),
                limits.memoryMax().map(String::valueOf).orElse("max"));
        Path swap = group.resolve("memory.swap.max"); // where the kernel counts it
        if (Files.exists(swap)) {
            write(swap, limits.memoryMax().isPresent() ? "0" : "max");
        }
        write(
                group.resolve("cpu.max"),
                limits.cpuMax()
                                .map(share -> String.valueOf((long) share * MICROS_OF_THOUSANDTH))
                                .orElse("max") + " " + PERIOD);
        return group.resolve(PROCESSES);
    }

    /** Takes away the groups of instances in which nothing runs. */
    synchronized void sweep() {
        Optional<Path> folder = folder().filter(Files::isDirectory);
        if (folder.isEmpty()) {
            return;
        }
        try (Stream<Path> groups = Files.list(folder.get())) {
            groups.filter(group -> group.getFileName().toString().startsWith(INSTANCE))
                    .forEach(ControlGroups::remove);
        } catch (IOException e) {
            log.debug("Control groups of instances are left: {}", e.getMessage());
        }
    }

    /** The kernel keeps one that is in use. */
    private static void remove(Path group) {
        try {
            Files.delete(group);
        } catch (IOException inUse) {
            log.debug("The control group {} stays: {}", group, inUse.getMessage());
        }
    }

    private Optional<Path> folder() {
        return wanted.isPresent() ? wanted : own();
    }

    private static Optional<Path> own() {
        if (!Files.exists(ROOT.resolve("cgroup.controllers"))) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(OWN)) {
            return lines.filter(line -> line.startsWith(V2))
                    .findFirst()
                    .map(line -> line.substring(V2.length()))
                    // Once it has been divided, the gateway is in a part of it.
                    .map(path ->
                            path.endsWith("/" + GATEWAY) ? path.substring(0, path.length() - GATEWAY.length()) : path)
                    .map(path -> ROOT.resolve(path.replaceFirst("^/+", "")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The group whose parts have limits: what is in it itself goes into a part of its own first. */
    private Path divided() throws IOException {
        if (divided.isEmpty()) {
            Path group = folder().orElseThrow();
            // The system's topmost group has no type: it may have both processes and parts.
            if (Files.exists(group.resolve("cgroup.type"))) {
                moveProcesses(group);
            }
            write(group.resolve(DIVIDED), "+" + String.join(" +", CONTROLLERS));
            divided = Optional.of(group);
        }
        return divided.get();
    }

    private static void moveProcesses(Path group) throws IOException {
        Path gateway = Files.createDirectories(group.resolve(GATEWAY)).resolve(PROCESSES);
        for (String pid : Files.readAllLines(group.resolve(PROCESSES))) {
            try {
                write(gateway, pid);
            } catch (IOException e) {
                log.debug("Process {} stays where it was, or has ended: {}", pid, e.getMessage());
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        try {
            Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IOException("The control group refuses '" + text + "' in " + file + ": " + e.getMessage(), e);
        }
    }
}
