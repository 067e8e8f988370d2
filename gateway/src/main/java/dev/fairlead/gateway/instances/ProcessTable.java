package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The processes of this machine, as the kernel shows them in {@code /proc}. Dead ones that nobody has waited for do not
 * count. Stateless; every method reads files and is for workers.
 */
final class ProcessTable {
    /** Stands in the environment of whatever a spawn started; its value is the spawn's id. */
    static final String MARKER = "FAIRLEAD_SPAWN_ID";

    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final long INIT = 1;
    /** A bound on ancestors, far above what a shell or a build nests. */
    private static final int MOST_KIN = 256;

    private final String bootId;

    ProcessTable() {
        this.bootId = text(BOOT_ID).map(String::strip).orElse("");
    }

    /** Whether processes can be looked up here at all. */
    static boolean isSupported() {
        return Files.isReadable(BOOT_ID);
    }

    /** The process that has this pid now. */
    Optional<ProcessIdentity> identity(long pid) {
        return entry(pid).map(entry -> new ProcessIdentity(pid, entry.startTicks(), bootId));
    }

    /** Whether this very process still runs. */
    boolean runs(ProcessIdentity process) {
        return identity(process.pid()).filter(process::equals).isPresent();
    }

    /** The first process of a spawn that still runs, found by what stands in its environment. */
    Optional<ProcessIdentity> leader(String spawnId) {
        List<ProcStat> marked = entries().stream()
                .filter(entry -> marker(entry.pid()).filter(spawnId::equals).isPresent())
                .sorted(java.util.Comparator.comparingLong(ProcStat::startTicks).thenComparingLong(ProcStat::pid))
                .toList();
        return marked.stream()
                .filter(entry -> entry.session() == entry.pid())
                .findFirst()
                .or(() -> marked.stream().findFirst())
                .map(entry -> new ProcessIdentity(entry.pid(), entry.startTicks(), bootId));
    }

    /**
     * All that a spawn started and that still runs: by its session and group, and by what stands in the environment.
     */
    List<ProcessIdentity> members(Spawn spawn) {
        Optional<ProcessIdentity> leader =
                spawn.process().filter(process -> process.bootId().equals(bootId));
        // Where the pid has become another's, no process of the session it led is left.
        Optional<ProcessIdentity> session = leader.filter(
                process -> identity(process.pid()).map(process::equals).orElse(true));
        List<ProcessIdentity> members = new ArrayList<>();
        for (ProcStat entry : entries()) {
            boolean grouped = session.filter(
                            process -> (entry.session() == process.pid() || entry.group() == process.pid())
                                    && entry.startTicks() >= process.startTicks())
                    .isPresent();
            if (grouped || marker(entry.pid()).filter(spawn.id()::equals).isPresent()) {
                members.add(new ProcessIdentity(entry.pid(), entry.startTicks(), bootId));
            }
        }
        return members;
    }

    /** The spawns whose ids begin like this and of which something runs. */
    Map<String, List<ProcessIdentity>> marked(String prefix) {
        Map<String, List<ProcessIdentity>> found = new HashMap<>();
        for (ProcStat entry : entries()) {
            marker(entry.pid()).filter(id -> id.startsWith(prefix)).ifPresent(id -> found.computeIfAbsent(
                            id, ignored -> new ArrayList<>())
                    .add(new ProcessIdentity(entry.pid(), entry.startTicks(), bootId)));
        }
        return found;
    }

    /**
     * A process as its kin sees it.
     *
     * @param spawnId that stands in its environment
     */
    record Kin(long pid, long group, long session, long startTicks, Optional<String> spawnId) {}

    /** A process, those it descends from below {@code top}, and the leader of each one's session. */
    List<Kin> kin(long pid, long top) {
        Map<Long, Kin> kin = new LinkedHashMap<>();
        long next = pid;
        while (next > INIT && next != top && !kin.containsKey(next) && kin.size() < MOST_KIN) {
            Optional<ProcStat> entry = entry(next);
            entry.ifPresent(one -> kin.put(one.pid(), kin(one)));
            entry.map(ProcStat::session)
                    .filter(session -> session != top)
                    .flatMap(ProcessTable::entry)
                    .ifPresent(leader -> kin.putIfAbsent(leader.pid(), kin(leader)));
            next = entry.map(ProcStat::parent).orElse(0L);
        }
        return List.copyOf(kin.values());
    }

    private static Kin kin(ProcStat entry) {
        return new Kin(entry.pid(), entry.group(), entry.session(), entry.startTicks(), marker(entry.pid()));
    }

    /**
     * Whether a process is this gateway, descends from it, or is another spawn's of its; where it is in a container,
     * the container's first process too, which does nothing but hold it.
     *
     * @param prefix with which the ids of the gateway's spawns begin; without one, none counts
     */
    boolean isKin(long pid, Optional<String> prefix) {
        long self = ProcessHandle.current().pid();
        long next = pid;
        for (int seen = 0; next > INIT && seen < MOST_KIN; seen++) {
            if (next == self
                    || marker(next)
                            .filter(id -> prefix.filter(id::startsWith).isPresent())
                            .isPresent()) {
                return true;
            }
            next = entry(next).map(ProcStat::parent).orElse(0L);
        }
        return pid == INIT;
    }

    /** The control groups of a process, a line for each hierarchy; empty where it is gone. */
    List<String> controlGroups(long pid) {
        return text(PROC.resolve(pid + "/cgroup")).map(String::lines).stream()
                .flatMap(lines -> lines)
                .toList();
    }

    /** Sends TERM, or KILL, to this very process; one that is gone is passed over. */
    void signal(ProcessIdentity process, boolean kill) {
        // The handle remembers when its process started and signals no other; so it is taken first and looked at then.
        ProcessHandle.of(process.pid()).filter(handle -> runs(process)).ifPresent(handle -> {
            if (kill) {
                handle.destroyForcibly();
            } else {
                handle.destroy();
            }
        });
    }

    /** How many files it has open; empty where that is another user's to know. */
    static Optional<Integer> openFiles(long pid) {
        String[] files = PROC.resolve(pid + "/fd").toFile().list();
        return files == null ? Optional.empty() : Optional.of(files.length);
    }

    /** All processes of the machine. */
    List<ProcStat> entries() {
        List<ProcStat> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                entry(Long.parseLong(process.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Processes cannot be looked up in " + PROC, e);
        }
        return entries;
    }

    private static Optional<ProcStat> entry(long pid) {
        return text(PROC.resolve(pid + "/stat")).flatMap(stat -> ProcStat.parse(pid, stat));
    }

    /** What stands in a process's environment; empty for another user's, which may not be read. */
    private static Optional<String> marker(long pid) {
        return text(PROC.resolve(pid + "/environ")).flatMap(environment -> {
            String wanted = MARKER + "=";
            for (String variable : environment.split("\0", -1)) {
                if (variable.startsWith(wanted)) {
                    return Optional.of(variable.substring(wanted.length()));
                }
            }
            return Optional.empty();
        });
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty(); // the process is gone, or another user's
        }
    }
}
