package dev.fairlead.protocol.client;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The home folder of who runs this process: {@code HOME}, as a shell's {@code ~}, else the one of the account. Java
 * alone looks at the account, so that under {@code sudo -E}, in containers and in tests both can differ.
 */
public final class UserHome {
    private UserHome() {}

    /** Empty where {@code HOME} is no absolute path and the account has none, as one without an entry. */
    public static Optional<Path> find(Map<String, String> environment) {
        return absolute(environment.get("HOME")).or(() -> absolute(System.getProperty("user.home")));
    }

    /**
     * As {@link #find}, of this process.
     *
     * @throws IllegalStateException where there is none; the message says what mends it
     */
    public static Path ofThisProcess() {
        return find(System.getenv())
                .orElseThrow(() -> new IllegalStateException(
                        "The user who runs this has no home folder: set HOME to one, or say where with an absolute"
                                + " path"));
    }

    private static Optional<Path> absolute(String text) {
        // What Java gives for an account it does not know is "?".
        return Optional.ofNullable(text)
                .filter(path -> path.startsWith("/") || Path.of(path).isAbsolute())
                .map(Path::of);
    }
}
