package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database's file is bounded by what it holds, not by what was ever written to it. */
class FileGrowthIT {
    /** Units underway at once, as of a few agents that wait for each answer: small groups cost the file most. */
    private static final int SENDERS = 8;

    private static final String ADD = "INSERT INTO messages (seq, message_id, sender, recipient, type, dedupe,"
            + " needs_token, payload, payload_bytes, status, attempt, failures, ttl_ms, accepted_at, expires_at)"
            + " VALUES (?, ?, 'a', 'b', 't', ?, FALSE, ?, 220, 'accepted', 0, 0, 3600000, NOW(), NOW())";

    private static final String CHANGE =
            "UPDATE messages SET status = ?, attempt = 1, settled_at = NOW() WHERE seq = ?";

    private static final String NOTE =
            "INSERT INTO message_events (number, seq, event, attempt, at) VALUES (?, ?, ?, 1, NOW())";

    @TempDir
    Path temp;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    @Tag("slow")
    void thirty_thousand_settled_messages_cost_the_file_a_few_times_their_size() throws Exception {
        measure(30_000, 3_000);
    }

    /** @param most bytes of the file a message, at any time */
    private void measure(int messages, int most) throws Exception {
        Database database = Database.open(vertx, Settings.defaults().db(), DataFolder.open(temp.resolve("data")))
                .await(30, TimeUnit.SECONDS);
        Path file = temp.resolve("data").resolve(DatabaseUrl.FILE_NAME);
        long peak = 0;
        for (int from = 0; from < messages; from += SENDERS) {
            List<Future<?>> settled = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                settled.add(life(database, from + i));
            }
            Future.all(settled).await(60, TimeUnit.SECONDS);
            peak = Math.max(peak, Files.size(file));
        }
        database.close().await(60, TimeUnit.SECONDS);
        System.out.printf(
                "%d messages: %d bytes each at the peak, %d after the end%n",
                messages, peak / messages, Files.size(file) / messages);
        assertThat(peak / messages).as("bytes of the file a message").isLessThan(most);
    }

    private static Future<?> life(Database database, long number) {
        long seq = 3 * number;
        return database.write(c ->
                        c.update(ADD, seq, UUID.randomUUID(), UUID.randomUUID().toString(), "x".repeat(220)))
                .compose(done -> step(database, seq, 1, "delivered"))
                .compose(done -> step(database, seq, 2, "acknowledged"));
    }

    private static Future<?> step(Database database, long seq, int step, String status) {
        return database.write(c -> {
            c.update(CHANGE, status, seq);
            return c.update(NOTE, seq + step, seq, status);
        });
    }
}
