package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {
    @Test
    void a_long_text_is_cut_to_length_and_never_within_a_character() {
        assertThat(VisibleText.cut("12345", 5)).isEqualTo("12345");
        assertThat(VisibleText.cut("123456", 5)).isEqualTo("1234…");
        assertThat(VisibleText.cut("123\uD83D\uDE00456", 5)).isEqualTo("123…");
        assertThat(VisibleText.cut("12\uD83D\uDE00456", 5)).isEqualTo("12\uD83D\uDE00…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain é 🚢\t1",
                "\u001b[1;31mred\u001b[0m",
                "\u001b[m",
                "\u001b[38:2:1:2:3mx",
                "ZWJ 👩\u200d💻"
            })
    void text_and_styles_stay_as_they_are(String line) {
        assertThat(VisibleText.styled(line)).isEqualTo(line);
    }

    @Test
    void what_steers_a_terminal_is_shown_as_what_it_is() {
        assertThat(VisibleText.styled("\u001b]0;title\u0007")).isEqualTo("⟨U+001B⟩]0;title⟨U+0007⟩");
        assertThat(VisibleText.styled("\u001b[2J")).isEqualTo("⟨U+001B⟩[2J");
        assertThat(VisibleText.styled("\u009b31m")).isEqualTo("⟨U+009B⟩31m");
        assertThat(VisibleText.styled("\u001b[31")).isEqualTo("⟨U+001B⟩[31");
        assertThat(VisibleText.styled("a\rb\u007f\u0008")).isEqualTo("a⟨U+000D⟩b⟨U+007F⟩⟨U+0008⟩");
        assertThat(VisibleText.styled("\u001b[" + "1;".repeat(100) + "m")).startsWith("⟨U+001B⟩[1;");
    }

    @Test
    void what_turns_the_direction_of_reading_is_shown_as_what_it_is() {
        assertThat(VisibleText.styled("delete \u2067gnigats\u2069, \u202ekeep"))
                .isEqualTo("delete ⟨U+2067⟩gnigats⟨U+2069⟩, ⟨U+202E⟩keep");
    }

    @Test
    void a_name_has_neither_styles_nor_lines_nor_what_cannot_be_seen() {
        assertThat(VisibleText.plain("a\nb\u001b[1m\u200bc")).isEqualTo("a⟨U+000A⟩b⟨U+001B⟩[1m⟨U+200B⟩c");
    }
}
