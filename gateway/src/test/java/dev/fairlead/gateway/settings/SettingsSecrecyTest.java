package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsSecrecyTest {

    private static final String CANARY = "c4n4ry-value";
    private static final String KEY = "YzRuNHJ5YzRuNHJ5YzRuNHJ5YzRuNHJ5YzRuNHJ5YzRuNHJ5";

    @TempDir
    Path folder;

    @Test
    void printing_masks_every_secret_and_says_where_it_came_from() {
        SettingsLoader.Loaded loaded = SettingsLoader.nothing()
                .environment(Map.of("FAIRLEAD_ADMIN_PASSWORD", CANARY))
                .set(List.of("db.password=" + CANARY, "llm.api_key=" + CANARY, "auth.signing_key=" + KEY))
                .load();
        String printed = SettingsPrinter.yaml(loaded.values());
        assertThat(printed).doesNotContain(CANARY, KEY);
        assertThat(printed)
                .contains("  admin_password: \"********\"  # environment variable FAIRLEAD_ADMIN_PASSWORD\n")
                .contains("  api_key: \"********\"  # --set\n");
        assertThat(loaded.toString() + loaded.values() + loaded.settings()).doesNotContain(CANARY, KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth.admin_pasword",
                "auth.signing_kye",
                "llm.apikey",
                "db.passwd",
                "auth.signing_key",
                "whatever.token"
            })
    void a_refused_or_misspelt_secret_is_not_quoted(String key) {
        assertThat(catchThrowable(() -> Settings.of(key + "=" + CANARY))).hasMessageNotContaining(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.url=jdbc:postgresql://h/d?user=a&password=" + CANARY,
                "db.url=jdbc:postgresql://u:" + CANARY + "@h/d",
                "llm.base_url=https://u:" + CANARY + "@h/"
            })
    void a_password_in_a_url_is_refused_and_not_quoted(String assignment) {
        assertThat(catchThrowable(() -> Settings.of(assignment)))
                .isInstanceOf(SettingsException.class)
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void a_broken_file_is_not_quoted() throws IOException {
        Path file = Files.writeString(folder.resolve("x.yaml"), "auth: {admin_password: \"" + CANARY + "\n");
        assertThat(catchThrowable(() -> SettingsLoader.nothing().file(file).load()))
                .hasMessageContaining("not YAML")
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void the_mask_is_no_password() {
        assertThat(catchThrowable(() -> Settings.of("auth.admin_password=********")))
                .hasMessageContaining("mask");
    }

    @Test
    void what_is_printed_can_be_read_back() throws IOException {
        SettingsLoader.Loaded loaded = SettingsLoader.nothing()
                .set(List.of("quotes.symbols=SPX, .SPXW,/ES", "llm.model=a \"b\" \\c: #d", "ws.server_ping=0"))
                .load();
        Path file = Files.writeString(folder.resolve("x.yaml"), SettingsPrinter.yaml(loaded.values()));
        assertThat(SettingsLoader.nothing().file(file).load().settings()).isEqualTo(loaded.settings());
    }
}
