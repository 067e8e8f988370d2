package dev.fairlead.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
    @TempDir
    Path temp;

    @Test
    void a_missing_folder_is_made_for_its_owner_alone_with_its_parents() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("a/b"));
        assertThat(mode(folder.root())).isEqualTo("rwx------");
        assertThat(mode(temp.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(folder.folder("logs/agent-1"))).isEqualTo("rwx------");
    }

    @Test
    void a_folder_others_may_read_is_closed_to_them() throws Exception {
        Files.createDirectory(temp.resolve("data"));
        Files.setPosixFilePermissions(temp.resolve("data"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(mode(DataFolder.open(temp.resolve("data")).root())).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void a_folder_others_may_write_is_refused_with_the_remedy(String mode) throws Exception {
        Files.createDirectory(temp.resolve("data"));
        Files.setPosixFilePermissions(temp.resolve("data"), PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> DataFolder.open(temp.resolve("data")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 700 " + temp.resolve("data"));
    }

    @Test
    void a_folder_of_somebody_else_is_refused() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        try {
            Files.setAttribute(data, "unix:uid", 65534);
        } catch (IOException e) {
            Tools.missing("Only root can give a folder away");
        }
        assertThatThrownBy(() -> DataFolder.open(data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to");
    }

    @Test
    void a_link_is_not_a_data_folder() throws Exception {
        Path real = Files.createDirectory(temp.resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        assertThatThrownBy(() -> DataFolder.open(link))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(real.toRealPath().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "../x", "a/../../x", "/etc/passwd", "a/..", "a\0b"})
    void a_name_that_leaves_the_folder_is_refused(String name) throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        assertThatThrownBy(() -> folder.file(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> folder.writeSecret(name, new byte[1])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_link_inside_is_not_followed() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        Path outside = Files.writeString(temp.resolve("outside"), "untouched");
        Files.createSymbolicLink(folder.root().resolve("key"), outside);
        Files.createSymbolicLink(folder.root().resolve("logs"), temp);
        assertThatThrownBy(() -> folder.readSecret("key")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> folder.writeSecret("key", new byte[1])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> folder.folder("logs")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> folder.file("logs/outside")).isInstanceOf(IllegalArgumentException.class);
        assertThat(outside).hasContent("untouched");
    }

    @Test
    void a_secret_is_replaced_whole_and_for_the_owner_alone() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        assertThat(folder.readSecret("key")).isEmpty();
        folder.writeSecret("key", "one, the longer".getBytes(UTF_8));
        folder.writeSecret("key", "two".getBytes(UTF_8));
        assertThat(folder.readSecret("key").map(bytes -> new String(bytes, UTF_8)))
                .contains("two");
        assertThat(mode(folder.file("key"))).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder.root())) {
            assertThat(files).containsExactly(folder.file("key"));
        }
    }

    @Test
    void a_secret_others_could_read_is_closed_to_them() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        Files.writeString(folder.file("key"), "by hand");
        Files.setPosixFilePermissions(folder.file("key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(folder.readSecret("key")).isPresent();
        assertThat(mode(folder.file("key"))).isEqualTo("rw-------");
    }

    @Test
    void a_folder_in_use_by_this_process_is_refused() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        try (FolderLock held = folder.lock()) {
            assertThatThrownBy(folder::lock)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(held).isNotNull();
        }
        folder.lock().close();
    }

    @Test
    void a_folder_in_use_by_another_process_is_refused_until_that_is_killed() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        try (WriterProcess other = WriterProcess.start(folder.root(), 0)) {
            assertThatThrownBy(folder::lock)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + other.pid())
                    .hasMessageContaining("data_dir");
            other.kill();
            folder.lock().close();
        }
    }

    @Test
    void all_is_the_owners_alone_whatever_the_umask() throws Exception {
        Path data = temp.resolve("data");
        try (WriterProcess other = WriterProcess.start(data, 0)) {
            assertThat(other.acknowledged()).isPresent();
            try (Stream<Path> files = Files.walk(data)) {
                List<Path> found = files.toList();
                assertThat(found).hasSizeGreaterThan(2).allSatisfy(path -> assertThat(mode(path))
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
            }
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
