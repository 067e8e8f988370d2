package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command line that was let in before has tries of its own, whatever others guess from the same address. */
class LockedOutIT {
    @TempDir
    Path folder;

    @Test
    void others_wrong_passwords_lock_out_who_was_never_let_in_and_nobody_else() throws IOException {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"), "auth.mode=required")) {
            assertThat(run(gateway, "known")).isZero();
            int guesses = 0;
            while (gateway.post("/api/login", "{\"password\":\"guess " + guesses + "\"}")
                            .status()
                    == 401) {
                assertThat(guesses++).isLessThan(20);
            }
            assertThat(run(gateway, "never let in")).isEqualTo(4);
            assertThat(run(gateway, "known")).isZero();
        }
        try (Stream<Path> marks = Files.list(folder.resolve("known/.fairlead/devices"))) {
            assertThat(marks).singleElement().satisfies(mark -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(mark)))
                    .isEqualTo("rw-------"));
        }
    }

    private int run(RunningGateway gateway, String home) {
        return new TestConsole(folder.resolve(home))
                .with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port())
                .with("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD)
                .run("token", "ls");
    }
}
