package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start makes of a database file, and of the mark beside it, that a full disk and a kill left unfinished. */
class StoreMarkTest {
    private static final Instant REACHED = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    Path temp;

    private DataFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = DataFolder.open(temp.resolve("data"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 8191})
    void a_first_start_that_found_no_room_for_the_file_does_not_keep_the_next_from_serving(int bytes) throws Exception {
        plant(bytes);
        Vertx vertx = Vertx.vertx();
        try {
            Database database = Database.open(
                            vertx, new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 2), folder)
                    .await(60, TimeUnit.SECONDS);
            database.ping().await(30, TimeUnit.SECONDS);
            database.close().await(30, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 8191})
    void one_that_held_something_is_left_as_it_is_and_the_start_says_what_brings_it_back(int bytes) throws IOException {
        StoreMark.open(folder).write(REACHED);
        plant(bytes);

        assertThatThrownBy(() -> StoreMark.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        bytes + " bytes", REACHED.toString(), "fairlead restore FILE", "delete that file");
        assertThat(database()).hasSize(bytes);
    }

    @Test
    void a_mark_that_is_empty_half_or_only_a_draft_is_none() throws IOException {
        StoreMark.open(folder).write(REACHED);
        assertThat(StoreMark.open(folder).last()).contains(REACHED);
        Path mark = folder.file(StoreMark.NAME);
        String whole = Files.readString(mark);
        Files.writeString(folder.file(".store-mark-1.new"), whole);
        for (String torn : new String[] {"", whole.substring(0, whole.length() / 2)}) {
            Files.writeString(mark, torn);
            assertThat(StoreMark.open(folder).last()).isEmpty();
        }
        Files.delete(mark);
        assertThat(StoreMark.open(folder).last()).isEmpty();
    }

    private void plant(int bytes) throws IOException {
        Files.write(database(), new byte[bytes]);
    }

    private Path database() {
        return folder.file(DatabaseUrl.FILE_NAME);
    }
}
