package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.fairlead.protocol.FairleadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTokensTest {
    @TempDir
    Path home;

    @Test
    void what_is_kept_is_read_again() throws IOException {
        AgentTokenFile file = file();
        assertThat(file.read()).isEmpty();
        file.write("first");
        file.write("second");
        assertThat(file().read()).contains("second");
        try (var entries = Files.list(file.path().getParent())) {
            assertThat(entries).containsExactly(file.path());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "0022", "0777"})
    void only_the_owner_may_read_whatever_the_umask(String umask) throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + "; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeepToken.class.getName(),
                        root().toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(mode(file().path())).isEqualTo("rw-------");
        assertThat(mode(file().path().getParent())).isEqualTo("rwx------");
        assertThat(mode(root())).isEqualTo("rwx------");
    }

    /** Run in a process of its own, as a umask is a process's. */
    static final class KeepToken {
        private KeepToken() {}

        public static void main(String[] args) throws IOException {
            new AgentTokenFile(Path.of(args[0]), "agent-1").write("t");
        }
    }

    @Test
    void a_folder_that_was_open_to_others_is_closed() throws IOException {
        Path folder = Files.createDirectories(file().path().getParent());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        file().write("t");
        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    @Test
    void a_link_in_place_of_the_file_is_not_followed() throws IOException {
        Path elsewhere = Files.writeString(home.resolve("elsewhere"), "other");
        Files.createDirectories(file().path().getParent());
        Files.createSymbolicLink(file().path(), elsewhere);
        assertThatIOException().isThrownBy(() -> file().read()).withMessageContaining("is not a token file");
        file().write("mine");
        assertThat(elsewhere).hasContent("other");
        assertThat(file().read()).contains("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "", "a/b", "A", ".."})
    void a_name_cannot_lead_elsewhere(String name) {
        assertThatExceptionOfType(FairleadException.class).isThrownBy(() -> new AgentTokenFile(home, name));
    }

    @Test
    void the_permanent_token_goes_before_the_ephemeral_one() {
        AgentCredentials credentials = new AgentCredentials(Optional.of("e"));
        assertThat(credentials.current()).contains("e");
        credentials.kept("p");
        assertThat(credentials.current()).contains("p");
    }

    @Test
    void a_refused_permanent_token_gives_way_to_the_ephemeral_one_once() {
        AgentCredentials credentials = new AgentCredentials(Optional.of("e"));
        credentials.kept("p");
        assertThat(credentials.refused()).isTrue();
        assertThat(credentials.current()).contains("e");
        assertThat(credentials.refused()).isFalse();
        assertThat(credentials.current()).isEmpty();
    }

    @Test
    void an_ephemeral_token_is_spent_by_the_permanent_one_it_gave() {
        AgentCredentials credentials = new AgentCredentials(Optional.of("e"));
        credentials.received("p");
        assertThat(credentials.refused()).isFalse();
        assertThat(List.of(credentials, new AgentCredentials(Optional.of("canary"))))
                .asString()
                .doesNotContain("canary");
    }

    private Path root() {
        return home.resolve(".fairlead").resolve("agents");
    }

    private AgentTokenFile file() {
        return new AgentTokenFile(root(), "agent-1");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
