package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.settings.Settings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the file a command's first word means, on the gateway's own {@code PATH} whatever the instance sets, and
 * whether instances may run it. Looks at the disk: for workers.
 */
final class Executables {
    private final List<String> allowed;
    private final String searched;

    /**
     * The commands of the settings.
     *
     * @param searched folders joined by the system's separator, as in {@code PATH}
     */
    Executables(Settings.Instances settings, String searched) {
        this(settings.allowedCommands(), searched);
    }

    private Executables(List<String> allowed, String searched) {
        this.allowed = allowed;
        this.searched = searched;
    }

    /** Those of the system, whatever instances may run. */
    static Executables searching(String searched) {
        return new Executables(List.of(), searched);
    }

    /**
     * The file to run.
     *
     * @param cwd a relative path is taken from here
     */
    Path require(String command, Path cwd) throws LaunchFailure {
        Path found = find(command, cwd)
                .orElseThrow(() -> new LaunchFailure("no executable file is found for the command's first word;"
                        + " give its full path, or look at the gateway's PATH"));
        if (!allowed.isEmpty()
                && allowed.stream()
                        .map(entry -> find(entry, Path.of("/")))
                        .flatMap(Optional::stream)
                        .noneMatch(found::equals)) {
            throw new LaunchFailure("instances.allowed_commands does not list the command's first word");
        }
        return found;
    }

    /** A program of the system's, by its name. */
    Optional<Path> find(String name) {
        return find(name, Path.of("/"));
    }

    private Optional<Path> find(String command, Path cwd) {
        try {
            if (command.contains("/")) {
                return Optional.of(cwd.resolve(command).normalize()).filter(Executables::isProgram);
            }
            for (String folder : searched.split(File.pathSeparator, -1)) {
                Path candidate = Path.of(folder.isEmpty() ? "/" : folder).resolve(command);
                if (candidate.isAbsolute() && isProgram(candidate)) {
                    return Optional.of(candidate.normalize());
                }
            }
        } catch (InvalidPathException e) {
            // no file can have such a name
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
