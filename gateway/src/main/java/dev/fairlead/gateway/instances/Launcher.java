package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts programs, each the leader of a session and process group of its own, its output appended to its log by the
 * operating system. Blocks on the disk and on the fork: for workers.
 */
final class Launcher {
    private final DataFolder folder;
    private final InstanceLog log;
    private final TimeSource time;
    private final Executables executables;
    private final ProcessTable processes;
    private final Optional<Path> setsid;

    Launcher(DataFolder folder, InstanceLog log, Executables executables, ProcessTable processes, TimeSource time) {
        this.folder = folder;
        this.log = log;
        this.time = time;
        this.executables = executables;
        this.processes = processes;
        this.setsid = executables.find("setsid");
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
        executables.require(settings.command().get(0), workingFolder(settings));
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
            return start(settings, environment);
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

    private Launched start(InstanceSettings settings, Map<String, String> environment) throws LaunchFailure {
        Path cwd = workingFolder(settings);
        List<String> command = new ArrayList<>();
        // A child of the JVM leads no group, so setsid replaces itself by the program and the pid stays.
        setsid.map(Path::toString).ifPresent(command::add);
        command.add(executables.require(settings.command().get(0), cwd).toString());
        command.addAll(settings.command().subList(1, settings.command().size()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(cwd.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file(settings.name())));
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new Launched(
                    process, processes.identity(process.pid()).orElse(new ProcessIdentity(process.pid(), 0, "")));
        } catch (IOException | IllegalArgumentException | OutOfMemoryError e) { // the last: no thread to wait for it
            throw LaunchFailure.refused(e);
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
