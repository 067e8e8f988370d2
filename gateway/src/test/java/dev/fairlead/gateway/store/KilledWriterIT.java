package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise behind every acknowledgement: it outlives the process that gave it. */
class KilledWriterIT {
    @TempDir
    Path temp;

    @Test
    void what_was_acknowledged_is_there_after_kill_9() throws Exception {
        survives(5);
    }

    @Test
    @Tag("long")
    void what_was_acknowledged_is_there_after_20_times_kill_9() throws Exception {
        survives(20);
    }

    private void survives(int kills) throws Exception {
        Random random = new Random(kills);
        Set<Long> acknowledged = new HashSet<>();
        long firstId = 0;
        for (int kill = 0; kill < kills; kill++) {
            try (WriterProcess writer = WriterProcess.start(temp.resolve("data"), firstId)) {
                int until = random.nextInt(5_000);
                for (int i = 0; i < until; i++) {
                    acknowledged.add(writer.acknowledged().orElseThrow());
                }
                writer.kill();
                // What it said before it died counts as well.
                Optional<Long> last = writer.acknowledged();
                while (last.isPresent()) {
                    acknowledged.add(last.get());
                    last = writer.acknowledged();
                }
            }
            firstId += 1_000_000;
        }
        Vertx vertx = Vertx.vertx();
        try {
            Database database = await(Database.open(
                    vertx,
                    new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 2),
                    DataFolder.open(temp.resolve("data"))));
            List<Long> recovered =
                    await(database.write(c -> c.query("SELECT DISTINCT id FROM pair", row -> row.number("id"))));
            List<Long> halves = await(database.write(
                    c -> c.query("SELECT id FROM pair GROUP BY id HAVING COUNT(*) <> 2", row -> row.number("id"))));
            await(database.close());
            acknowledged.removeAll(new HashSet<>(recovered));
            assertThat(acknowledged).as("acknowledged, but lost").isEmpty();
            assertThat(halves).as("units of which a part was kept").isEmpty();
            assertThat(recovered).hasSizeGreaterThan(1_000);
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }
}
