package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.OwnProgram;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs, each the leader of a session and process group of its own, its output appended to its log by the
 * operating system or passed to it by a pipe, under the gateway's account or another. Blocks on the disk and on the
 * fork: for workers, but for what tells of an instance.
 */
final class Launcher {
    private static final Logger logger = LoggerFactory.getLogger(Launcher.class);
    /** Reserved, so that no variable of an instance's has such a name. */
    private static final String PASSED_LATE = "FAIRLEAD_LATE_";
    /** Room for a few of the longest lines an agent may write. */
    private static final int ADAPTER_HEAP_MEGABYTES = 128;

    private final DataFolder folder;
    private final InstanceLog log;
    private final TimeSource time;
    private final Executables executables;
    private final ProcessTable processes;
    private final Optional<Path> setsid;
    private final OtherAccounts accounts;
    private final PipeMaker pipes;
    private final Optional<String> user;
    private final KeptLimits limits;

    /** Makes the pipe of an instance, which is read from then on and does not end before it is released. */
    @FunctionalInterface
    interface PipeMaker {
        OutputPipe make(String name) throws LaunchFailure;
    }

    /**
     * For the programs of one gateway.
     *
     * @param user the account they run as where they name none; empty for the gateway's
     */
    Launcher(
            DataFolder folder,
            InstanceLog log,
            Executables executables,
            ProcessTable processes,
            TimeSource time,
            PipeMaker pipes,
            Optional<String> user,
            KeptLimits limits) {
        this.folder = folder;
        this.log = log;
        this.time = time;
        this.executables = executables;
        this.processes = processes;
        this.setsid = executables.find("setsid");
        this.accounts = new OtherAccounts(executables);
        this.pipes = pipes;
        this.user = user;
        this.limits = limits;
    }

    /**
     * Makes sure of what the settings promise, and finds the accounts of instances there are already.
     *
     * @throws IllegalStateException if programs cannot be run as the account of {@code instances.user}; the message
     *     says what mends it
     */
    void prepare(List<Instance> stored) {
        if (setsid.isEmpty()) {
            logger.warn("No 'setsid' is on the PATH (package util-linux): instances share the gateway's process group,"
                    + " and a signal to the group reaches them too");
        }
        if (!ProcessTable.isSupported()) {
            logger.warn("This system has no /proc: processes are not found again after a restart of the gateway");
        }
        try {
            if (user.isPresent()) {
                accounts.require(user.get());
            }
        } catch (LaunchFailure e) {
            throw new IllegalStateException("instances.user cannot be kept: " + e.getMessage(), e);
        }
        for (Instance instance : stored) {
            try {
                account(instance.settings());
            } catch (LaunchFailure e) {
                logger.warn("Instance {} cannot be started: {}", instance.name(), e.getMessage());
            }
        }
    }

    /** The account an instance runs as, where that is not the gateway's. */
    Optional<String> userOf(InstanceSettings settings) {
        return settings.user().or(() -> user);
    }

    /** The working folder of an instance that was given none, for people. */
    String folderOf(InstanceSettings settings) {
        return userOf(settings)
                .map(name -> accounts.seen(name)
                        .flatMap(account -> account.folder(settings.name()))
                        .map(Path::toString)
                        .orElse("~" + name))
                .orElseGet(() -> folder.root()
                        .resolve("instances")
                        .resolve(settings.name())
                        .toString());
    }

    /** Whether programs get a session of their own; without, only their descendants are found. */
    boolean separatesSessions() {
        return setsid.isPresent();
    }

    /**
     * A program that was started.
     *
     * @param identity of its process; of one that ended before it could be looked at, its pid with a start time of 0
     */
    record Launched(Process process, ProcessIdentity identity) {}

    /** Whether this could be started, as far as can be told without doing so. */
    void check(InstanceSettings settings) throws LaunchFailure {
        where(settings);
    }

    /** Where a program is, and where and as whom it runs. */
    private record Place(Optional<Account> account, Path cwd, Path program) {}

    private Place where(InstanceSettings settings) throws LaunchFailure {
        Optional<Account> account = account(settings);
        Path cwd = account.isPresent() ? workingFolder(settings, account.get()) : workingFolder(settings);
        Path program = executables.require(settings.command().get(0), cwd);
        if (account.isPresent()) {
            accounts.prepare(account.get(), cwd, settings.cwd().isEmpty(), program);
        }
        return new Place(account, cwd, program);
    }

    private Optional<Account> account(InstanceSettings settings) throws LaunchFailure {
        Optional<String> name = userOf(settings);
        return name.isPresent() ? Optional.of(accounts.require(name.get())) : Optional.empty();
    }

    /** Starts it; the log says so, or why it did not start. */
    Launched launch(InstanceSettings settings, Map<String, String> environment) throws LaunchFailure {
        try {
            log.file(settings.name());
            log.begin(settings.name(), time.instant());
        } catch (IOException e) {
            throw LaunchFailure.refused(e);
        }
        try {
            return settings.log() == LogMode.PIPE
                    ? startPiped(settings, environment)
                    : startInto(settings, environment);
        } catch (LaunchFailure failure) {
            tell(settings.name(), failure);
            throw failure;
        }
    }

    private void tell(String name, LaunchFailure failure) {
        try {
            log.failed(name, failure.getMessage());
        } catch (IOException e) {
            failure.addSuppressed(e); // its reason is told with the instance in any case
        }
    }

    private Launched startInto(InstanceSettings settings, Map<String, String> environment) throws LaunchFailure {
        try {
            return start(settings, environment, log.file(settings.name()), List.of());
        } catch (IOException e) {
            throw LaunchFailure.refused(e);
        }
    }

    private Launched startPiped(InstanceSettings settings, Map<String, String> environment) throws LaunchFailure {
        OutputPipe pipe = pipes.make(settings.name());
        try {
            return start(settings, environment, pipe.file().toFile(), through(pipe));
        } finally {
            pipe.release();
        }
    }

    /** What a command line begins with whose rest has the pipe open for reading too, so that no gateway breaks it. */
    private List<String> through(OutputPipe pipe) throws LaunchFailure {
        Path sh = executables.find("sh").orElseThrow(() -> OutputPipes.missing("sh"));
        return List.of(
                sh.toString(),
                "-c",
                "exec 1<>\"$0\" 2>&1 && exec \"$@\"",
                pipe.file().toString());
    }

    /**
     * Starts it.
     *
     * @param output what its output is appended to
     * @param through what its command line begins with, before it is another account's
     */
    private Launched start(
            InstanceSettings settings, Map<String, String> environment, File output, List<String> through)
            throws LaunchFailure {
        Place place = where(settings);
        Map<String, String> variables = new TreeMap<>(environment);
        List<String> command = new ArrayList<>();
        // A child of the JVM leads no group, so setsid replaces itself by the program and the pid stays.
        setsid.map(Path::toString).ifPresent(command::add);
        List<String> held = limits.hold(settings);
        command.addAll(held);
        command.addAll(through);
        place.account().ifPresent(account -> {
            Map<String, String> all = account.environment(environment, settings.env(), place.cwd());
            variables.clear();
            command.addAll(accounts.prefix(account, place.cwd(), passLate(all, variables)));
        });
        command.addAll(commandLine(settings, place.program()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    // Another account's folder is entered as that account.
                    .directory(
                            place.account().isPresent()
                                    ? new File("/")
                                    : place.cwd().toFile())
                    .redirectInput(
                            held.isEmpty()
                                    ? ProcessBuilder.Redirect.from(new File("/dev/null"))
                                    : ProcessBuilder.Redirect.PIPE)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
            builder.environment().clear();
            builder.environment().putAll(variables);
            Process process = builder.start();
            if (!held.isEmpty()) {
                limits.begin(settings.name(), process);
            }
            return new Launched(
                    process, processes.identity(process.pid()).orElse(new ProcessIdentity(process.pid(), 0, "")));
        } catch (IOException | IllegalArgumentException | OutOfMemoryError e) { // the last: no thread to wait for it
            throw LaunchFailure.refused(e);
        }
    }

    private List<String> commandLine(InstanceSettings settings, Path program) {
        List<String> own = new ArrayList<>(List.of(program.toString()));
        own.addAll(settings.command().subList(1, settings.command().size()));
        if (settings.protocol().isEmpty()) {
            return own;
        }
        List<String> adapter = new ArrayList<>(List.of("acp-adapter", "--folder", folderOf(settings)));
        settings.acpAllow().forEach(allowed -> adapter.addAll(List.of("--allow", allowed.wire())));
        adapter.add("--");
        adapter.addAll(own);
        return OwnProgram.command(ADAPTER_HEAP_MEGABYTES, adapter);
    }

    /**
     * Puts variables into those that are passed; what makes programs load other code under a name that none of them
     * heeds.
     *
     * @return the names of those, by the ones they are passed under
     */
    private static Map<String, String> passLate(Map<String, String> all, Map<String, String> passed) {
        Map<String, String> late = new TreeMap<>();
        all.forEach((name, value) -> {
            boolean loader = InstanceRules.isLoader(name);
            String as = loader ? PASSED_LATE + late.size() : name;
            passed.put(as, value);
            if (loader) {
                late.put(as, name);
            }
        });
        return late;
    }

    private static Path workingFolder(InstanceSettings settings, Account account) throws LaunchFailure {
        try {
            return settings.cwd()
                    .map(Path::of)
                    .or(() -> account.folder(settings.name()))
                    .orElseThrow(() -> new LaunchFailure("account '" + account.name() + "' has no home folder of its"
                            + " own for a working folder; give it one, or set cwd to a folder it may use"));
        } catch (InvalidPathException e) {
            throw new LaunchFailure("its working folder cannot be used: " + e.getMessage());
        }
    }

    private Path workingFolder(InstanceSettings settings) throws LaunchFailure {
        try {
            if (settings.cwd().isEmpty()) {
                folder.folder("instances");
                return folder.folder("instances/" + settings.name());
            }
            Path cwd = Path.of(settings.cwd().get());
            if (!Files.isDirectory(cwd)) {
                throw new LaunchFailure("cwd is no folder that is there; make it, or leave cwd out");
            }
            return cwd;
        } catch (IOException | IllegalArgumentException e) {
            throw new LaunchFailure("its working folder cannot be used: " + e.getMessage());
        }
    }
}
