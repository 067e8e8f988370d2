package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("attack")
class TerminalStreamTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream plain = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final PrintStream terminal = new TerminalStream(plain);

    @Test
    void styles_pass_and_what_steers_does_not() {
        terminal.println("\u001b[31mred\u001b[0m \u001b]52;c;eA==\u0007\u001b[2Jgone");
        assertThat(shown()).isEqualTo("\u001b[31mred\u001b[0m ⟨U+001B⟩]52;c;eA==⟨U+0007⟩⟨U+001B⟩[2Jgone\n");
    }

    @Test
    void a_sequence_in_pieces_is_judged_as_a_whole() {
        terminal.print("a\u001b");
        terminal.print("[3");
        terminal.print("1mred\u001b");
        terminal.print("[2");
        terminal.print("J");
        terminal.print('\u001b');
        terminal.println();
        assertThat(shown()).isEqualTo("a\u001b[31mred⟨U+001B⟩[2J⟨U+001B⟩\n");
    }

    @Test
    void a_return_may_end_a_line_and_nothing_else() {
        terminal.println("one\r");
        terminal.print("two\r");
        terminal.print("\nthree\rfour\r\n");
        assertThat(shown()).isEqualTo("one\ntwo\nthree⟨U+000D⟩four\n");
    }

    @Test
    void formatted_and_appended_text_is_no_way_around() {
        terminal.printf("%s", "\u001b[2J");
        terminal.append("\u0007");
        terminal.println((Object) "\u009b");
        assertThat(shown()).isEqualTo("⟨U+001B⟩[2J⟨U+0007⟩⟨U+009B⟩\n");
    }

    @Test
    void raw_is_what_there_is() {
        TerminalStream.raw(terminal).print("\u001b[2J");
        assertThat(shown()).isEqualTo("\u001b[2J");
        assertThat(TerminalStream.raw(plain)).isSameAs(plain);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
