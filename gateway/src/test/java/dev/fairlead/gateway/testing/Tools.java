package dev.fairlead.gateway.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine besides a JDK. Where it is missing the test is skipped and says what to install;
 * with {@code TEST_REQUIRE=all} in the environment it fails instead, so that nothing is passed over unnoticed.
 */
public final class Tools {
    private static final boolean REQUIRED = "all".equals(System.getenv("TEST_REQUIRE"));

    private Tools() {}

    /**
     * Finds a program on the PATH, or where cargo installs what it builds.
     *
     * @param remedy the command that installs it
     */
    public static Path require(String program, String remedy) {
        return find(program).orElseThrow(() -> {
            missing("This test needs '" + program + "'; install it with: " + remedy);
            return new AssertionError("unreachable");
        });
    }

    /** Ends a test for lack of something: skipped, or failed where everything is required. */
    public static void missing(String what) {
        if (REQUIRED) {
            throw new AssertionError(what + " (TEST_REQUIRE=all)");
        }
        Assumptions.abort(what);
    }

    /** Finds a program, where it is there. */
    public static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "")
                + File.pathSeparator
                + Path.of(System.getProperty("user.home"), ".cargo", "bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
