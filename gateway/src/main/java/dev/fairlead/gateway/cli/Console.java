package dev.fairlead.gateway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command has to do with: data goes to {@code out}, all else to {@code err}.
 *
 * @param home the user's home folder
 */
public record Console(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path home) {

    /** This process's own, in UTF-8 whatever the locale. */
    public static Console system() {
        return new Console(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Path.of(System.getProperty("user.home")));
    }

    /** A variable of the environment; an empty one counts as not set. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
