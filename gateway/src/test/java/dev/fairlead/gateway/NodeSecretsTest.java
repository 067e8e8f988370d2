package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start makes of secrets in the data folder that are not whole. */
class NodeSecretsTest {
    @TempDir
    Path temp;

    private DataFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = DataFolder.open(temp.resolve("data"));
    }

    @ParameterizedTest
    @CsvSource({
        "signing-key, ''",
        "admin-password, ''",
        "admin-password, '\n'",
        "node-id, ''",
        "identity-key, ''",
        "identity-key, abcde",
        "identity-key, YWJj"
    })
    void one_that_is_empty_or_cut_off_is_named_with_what_mends_it(String name, String content) throws IOException {
        Files.writeString(folder.file(name), content);
        assertThatThrownBy(this::load)
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContainingAll(folder.file(name).toString(), "fairlead restore FILE", "or delete it");
    }

    @Test
    void one_that_is_gone_is_made_anew_and_a_draft_beside_it_is_no_matter() throws IOException {
        NodeSecrets first = load();
        Files.writeString(folder.file(".node-id-1.new"), "node-other");
        Files.delete(folder.file("admin-password"));

        NodeSecrets next = load();

        assertThat(next.node()).isEqualTo(first.node());
        assertThat(next.passwordIsNew()).isTrue();
        assertThat(next.adminPassword()).isNotEqualTo(first.adminPassword());
    }

    private NodeSecrets load() throws IOException {
        return NodeSecrets.load(Settings.of("data_dir=" + folder.root()), folder);
    }
}
