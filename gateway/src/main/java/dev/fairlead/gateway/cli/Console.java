package dev.fairlead.gateway.cli;

import dev.fairlead.protocol.client.UserHome;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command has to do with: data goes to {@code out}, all else to {@code err}. Where they are a terminal, nothing
 * that is written can steer it ({@link TerminalStream}).
 *
 * @param home the user's home folder
 */
public record Console(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path home) {
    /** Of a user without a home folder; nothing is there. */
    private static final Path NO_HOME = Path.of("?");

    /**
     * The user's home folder.
     *
     * @throws CommandFailure where there is none
     */
    @Override
    public Path home() {
        if (!hasHome()) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "The user who runs this has no home folder; set HOME to where things are kept");
        }
        return home;
    }

    boolean hasHome() {
        return !home.equals(NO_HOME);
    }

    /** This process's own, in UTF-8 whatever the locale. */
    public static Console system() {
        return new Console(
                System.in,
                TerminalStream.of(stream(FileDescriptor.out), 1),
                TerminalStream.of(stream(FileDescriptor.err), 2),
                System.getenv(),
                UserHome.find(System.getenv()).orElse(NO_HOME));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** The same where, asked to be {@code raw}, a terminal gets what there is, whatever it does to it. */
    Console raw(boolean raw) {
        return raw ? new Console(in, TerminalStream.raw(out), TerminalStream.raw(err), environment, home) : this;
    }

    /** A variable of the environment; an empty one counts as not set. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
