package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of settings in the documentation is the one in the code. */
class SettingsTableTest {
    private static final String BEGIN = "<!-- settings: begin -->\n";
    private static final String END = "<!-- settings: end -->";

    /** Where this is set the test writes the table instead of comparing it. */
    private static final boolean REWRITE = Boolean.getBoolean("readme.rewrite");

    @Test
    void the_documentation_has_every_setting_with_its_default() throws IOException {
        Path page = Path.of("docs", "settings.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(text).contains(BEGIN, END);
        if (REWRITE) {
            Files.writeString(page, text.substring(0, begin) + table() + text.substring(end));
            return;
        }

        assertThat(text.substring(begin, end))
                .as("docs/settings.md's table of settings; write it anew with: mvn -pl gateway -am test"
                        + " -Dtest=SettingsTableTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dtest.jvm.args=-Dreadme.rewrite=true")
                .isEqualTo(table());
    }

    private static String table() {
        return SettingKeys.all().stream()
                .map(key -> "| `" + key.name() + "` | " + shown(key) + " | " + escaped(key.doc()) + " |\n")
                .collect(Collectors.joining("", "| key | default | what it does |\n|---|---|---|\n", ""));
    }

    private static String shown(SettingKey key) {
        return key.defaultText().isEmpty() ? "–" : "`" + escaped(key.defaultText()) + "`";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }
}
