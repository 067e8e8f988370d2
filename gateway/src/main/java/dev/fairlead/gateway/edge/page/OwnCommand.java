package dev.fairlead.gateway.edge.page;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a shell of this machine runs the command line of this very gateway, from whichever folder: what the dashboard
 * shows to be copied begins with it.
 *
 * @param program the words that precede a command
 * @param dataDir what {@code FAIRLEAD_DATA_DIR} has to be; empty where a command looks there by itself
 */
public record OwnCommand(List<String> program, Optional<Path> dataDir) {
    private static final String LAUNCHER = "fairlead";

    public OwnCommand {
        program = List.copyOf(program);
    }

    /**
     * Of this process. Reads files, so it is not for an event loop.
     *
     * @param main the class whose {@code main} is the command line
     * @param environment that of this process
     * @param home the home folder of its user, if there is one
     */
    public static OwnCommand of(Class<?> main, Map<String, String> environment, Optional<Path> home, Path dataDir) {
        Path folder = dataDir.toAbsolutePath().normalize();
        boolean usual = home.map(user -> user.resolve(".fairlead")).equals(Optional.of(folder));
        return new OwnCommand(program(main, environment), usual ? Optional.empty() : Optional.of(folder));
    }

    private static List<String> program(Class<?> main, Map<String, String> environment) {
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .toList();
        boolean jar = classPath.size() == 1 && jarOf(main).equals(Optional.of(classPath.get(0)));
        if (jar) {
            Path launcher = classPath.get(0).resolveSibling(LAUNCHER);
            if (Files.isRegularFile(launcher) && Files.isExecutable(launcher)) {
                return List.of(launcher.toString());
            }
        }
        List<String> words = new ArrayList<>();
        words.add(java(environment));
        if (jar) {
            words.addAll(List.of("-jar", classPath.get(0).toString()));
        } else {
            words.add("-cp");
            words.add(String.join(
                    File.pathSeparator, classPath.stream().map(Path::toString).toList()));
            words.add(main.getName());
        }
        return words;
    }

    private static Optional<Path> jarOf(Class<?> main) {
        CodeSource source = main.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The Java that runs this: by its short name where that is the one a shell would find. */
    private static String java(Map<String, String> environment) {
        Path own = Path.of(System.getProperty("java.home"), "bin", "java");
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path found = Path.of(folder, "java");
            if (!folder.isEmpty() && Files.isExecutable(found)) {
                return isSame(found, own) ? "java" : own.toString();
            }
        }
        return own.toString();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }
}
