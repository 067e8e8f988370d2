package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is out of memory ends and says so, wherever it was noticed. */
@Tag("attack")
class MemoryGuardIT {
    /** What the test runs as a process of its own. */
    static final class Hungry {
        private Hungry() {}

        public static void main(String[] where) {
            MemoryGuard.install();
            Vertx vertx = Vertx.vertx();
            switch (where[0]) {
                case "loop" -> vertx.runOnContext(ignored -> eat());
                case "worker" ->
                    vertx.executeBlocking(() -> eat()).onFailure(failure -> {
                        throw new IllegalStateException(failure);
                    });
                default -> new Thread(Hungry::eat, "hungry").start();
            }
        }

        private static int eat() {
            List<byte[]> eaten = new ArrayList<>();
            while (eaten.size() < Integer.MAX_VALUE) {
                eaten.add(new byte[1 << 20]);
            }
            return eaten.size();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "worker", "thread"})
    void it_ends_with_a_line_that_says_so(String where) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                Hungry.class.getName(),
                where);
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        Process process = builder.redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said).contains("fairlead: out of memory");
            assertThat(process.exitValue()).isEqualTo(ExitStatus.FAILED.code());
        } finally {
            process.destroyForcibly();
        }
    }
}
