package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Rounds;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fairlead prove} shows to users, shown to us. */
@Tag("slow")
class BadDayIT {
    @TempDir
    Path temp;

    @Test
    void through_faults_by_chance_nothing_acknowledged_is_lost_or_doubled_and_all_is_back_soon() {
        List<String> command = new ArrayList<>(List.of(
                "prove", "--output", "json", "--data-dir", temp.resolve("day").toString()));
        command.addAll(
                Rounds.all()
                        ? List.of("--minutes", "60", "--faults", "200")
                        : List.of("--minutes", "2", "--faults", "40", "--seed", "20"));
        TestConsole console = new TestConsole(temp);
        int status = console.run(command.toArray(String[]::new));

        assertThat(console.out()).as(console.err()).startsWith("{");
        JsonNode receipt = FrameCodec.tree(console.out());
        assertThat(receipt.path("broken")).as(console.err()).isEmpty();
        assertThat(status).isZero();
        assertThat(receipt.path("lost").asLong()).isZero();
        assertThat(receipt.path("twice").asLong()).isZero();
        assertThat(receipt.path("acknowledged").asLong()).isGreaterThan(1_000);
        assertThat(receipt.path("faults_made").asInt()).isGreaterThanOrEqualTo(Rounds.all() ? 200 : 10);
    }
}
