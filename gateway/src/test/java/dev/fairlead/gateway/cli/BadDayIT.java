package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Rounds;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fairlead prove} shows to users, shown to us. */
@Tag("slow")
@Tag("alone")
class BadDayIT {
    /** Kept where it went wrong: the gateway's log, the history and the data folder tell why. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path temp;

    @Test
    void through_faults_by_chance_nothing_acknowledged_is_lost_or_doubled_and_all_is_back_soon() {
        JsonNode receipt = kept(new TestConsole(temp), 16, 200);
        assertThat(receipt.path("acknowledged").asLong()).isGreaterThan(1_000);
    }

    @Test
    void so_it_is_with_a_database_server_that_is_cut_off_and_falls_silent() throws IOException {
        try (PostgresServer server = PostgresServer.start()) {
            JsonNode receipt = kept(
                    new TestConsole(temp).with("FAIRLEAD_DB_PASSWORD", "postgres"),
                    9,
                    50,
                    "--db-url",
                    server.settings().url().orElseThrow(),
                    "--db-user",
                    "postgres");
            assertThat(receipt.path("faults").has("database cut off")).isTrue();
            assertThat(receipt.path("faults").has("database silent")).isTrue();
        }
    }

    /** What its gateway said last: of a day that was broken off there is nothing else. */
    private String lastOfLog() {
        try {
            List<String> lines = Files.readAllLines(temp.resolve("day").resolve("gateway.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    /** The receipt of a day with so many faults, on which no promise was broken. */
    private JsonNode kept(TestConsole console, int few, int many, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "prove", "--output", "json", "--data-dir", temp.resolve("day").toString(), "--minutes"));
        command.add(Rounds.all() ? "60" : "5");
        command.addAll(List.of("--faults", Integer.toString(Rounds.of(few, many))));
        if (!Rounds.all()) {
            command.addAll(List.of("--seed", "20"));
        }
        command.addAll(Arrays.asList(more));

        int status = console.run(command.toArray(String[]::new));

        assertThat(console.out()).as(() -> console.err() + lastOfLog()).startsWith("{");
        JsonNode receipt = FrameCodec.tree(console.out());
        assertThat(receipt.path("broken"))
                .as(() -> receipt.path("broken") + "\n" + console.err() + lastOfLog())
                .isEmpty();
        assertThat(status).isZero();
        assertThat(receipt.path("lost").asLong()).isZero();
        assertThat(receipt.path("twice").asLong()).isZero();
        assertThat(receipt.path("faults_made").asInt()).isGreaterThanOrEqualTo(Rounds.of(few, many));
        return receipt;
    }
}
