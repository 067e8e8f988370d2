package dev.fairlead.gateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keeps the server on one core and the load on another, where there are two and {@code taskset} is there. */
final class Cores {
    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final String SERVER = "0";
    private static final String LOAD = "1";

    private Cores() {}

    static boolean available() {
        return Files.isExecutable(TASKSET) && Runtime.getRuntime().availableProcessors() > 1;
    }

    /** What stands before a server's command. */
    static List<String> serverPrefix() {
        return available() ? List.of(TASKSET.toString(), "-c", SERVER) : List.of();
    }

    /** Moves all threads of this process to the core of the load. */
    static void pinThisProcess() {
        if (!available()) {
            return;
        }
        try {
            Process pin = new ProcessBuilder(
                            TASKSET.toString(),
                            "-a",
                            "-p",
                            "-c",
                            LOAD,
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            pin.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
