package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailStopFilesTest {
    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void mount() {
        FaultyDisk.mount();
        FailStopFiles.register();
        file = temp.resolve("file");
    }

    @AfterEach
    void mend() {
        FaultyDisk.mount();
    }

    @Test
    void after_a_write_that_failed_nothing_changes_the_file_though_there_is_room_again() throws IOException {
        stopsAfter(FaultyDisk.FULL, "No space left on device");
    }

    @Test
    void so_it_is_after_a_sync_that_failed() throws IOException {
        stopsAfter(FaultyDisk.SYNC_FAILS, "Input/output error");
    }

    private void stopsAfter(AtomicBoolean fault, String reason) throws IOException {
        try (FileChannel channel = open()) {
            channel.write(bytes("kept"), 0);
            channel.force(true);
            fault.set(true);
            assertThatThrownBy(() -> {
                        channel.write(bytes("lost"), 4);
                        channel.force(true);
                    })
                    .hasMessage(reason);
            fault.set(false);
            long size = Files.size(file);

            assertThatThrownBy(() -> channel.write(bytes("next"), 8)).hasMessageContaining(reason);
            assertThatThrownBy(() -> channel.truncate(2)).hasMessageContaining(reason);
            assertThatThrownBy(() -> channel.force(false)).hasMessageContaining(reason);
            assertThat(Files.size(file)).isEqualTo(size);
            ByteBuffer kept = ByteBuffer.allocate(4);
            assertThat(channel.read(kept, 0)).isEqualTo(4);
            assertThat(kept.flip()).isEqualTo(bytes("kept"));
        }
        try (FileChannel again = open()) {
            assertThat(again.write(bytes("next"), 4)).isEqualTo(4);
        }
        assertThat(file).hasContent("keptnext");
    }

    @Test
    void a_database_in_a_file_is_kept_in_one_of_these_and_shown_where_it_is() throws IOException {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        assertThat(url(Optional.empty(), folder).value())
                .startsWith("jdbc:h2:failstop:" + folder.root() + "/fairlead;");
        assertThat(url(Optional.empty(), folder).value())
                .as("nothing is moved in it while it is closed")
                .contains(";MAX_COMPACT_TIME=0;");
        assertThat(url(Optional.empty(), folder)).hasToString("jdbc:h2:file:" + folder.root() + "/fairlead");
        assertThat(url(Optional.of("jdbc:h2:file:/a/b"), folder).value()).startsWith("jdbc:h2:failstop:/a/b;");
        assertThat(url(Optional.of("jdbc:h2:~/b"), folder).value()).startsWith("jdbc:h2:failstop:~/b;");
        assertThat(url(Optional.of("jdbc:h2:mem:b"), folder).value()).startsWith("jdbc:h2:mem:b;");
    }

    private static DatabaseUrl url(Optional<String> url, DataFolder folder) throws IOException {
        return DatabaseUrl.of(new Settings.Db(url, Optional.empty(), Optional.empty(), 4), folder);
    }

    private FileChannel open() throws IOException {
        return FilePath.get(FailStopFiles.PREFIX + "faulty:" + file).open("rw");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
