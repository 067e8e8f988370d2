package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.store.DataFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Starts programs, each the leader of a session and process group of its own, its output appended to its log by the
 * operating system. Blocks on the disk and on the fork: for workers.
 */
final class Launcher {
    static final String CURRENT_LOG = "current.log";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final DataFolder folder;
    private final Executables executables;
    private final ProcessTable processes;
    private final Optional<Path> setsid;

    Launcher(DataFolder folder, Executables executables, ProcessTable processes) {
        this.folder = folder;
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

    /** Starts it. */
    Launched launch(InstanceSettings settings, Map<String, String> environment) throws LaunchFailure {
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
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            log(settings.name()).toFile()));
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new Launched(
                    process, processes.identity(process.pid()).orElse(new ProcessIdentity(process.pid(), 0, "")));
        } catch (IOException | IllegalArgumentException e) {
            throw new LaunchFailure("the system refused: " + e.getMessage());
        }
    }

    /** The last lines of an instance's log. */
    List<String> lastLines(String name) {
        return LastLines.of(folder.file("logs/" + name + "/" + CURRENT_LOG));
    }

    /** Removes an instance's log. */
    void forget(String name) throws IOException {
        Path log = folder.file("logs/" + name);
        if (!Files.isDirectory(log, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(log);
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

    private Path log(String name) throws IOException {
        folder.folder("logs");
        folder.folder("logs/" + name);
        Path file = folder.file("logs/" + name + "/" + CURRENT_LOG);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
        return file;
    }
}
