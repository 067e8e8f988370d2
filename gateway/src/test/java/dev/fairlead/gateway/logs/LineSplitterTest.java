package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {
    private static List<String> lines(byte[] bytes, boolean continues, Rest rest) {
        List<LogLine> lines = new ArrayList<>();
        LineSplitter.split(bytes, 0, bytes.length, 0, continues, rest, lines);
        return lines.stream().map(LogLine::text).toList();
    }

    private static List<String> lines(String text, Rest rest) {
        return lines(text.getBytes(StandardCharsets.UTF_8), false, rest);
    }

    @Test
    void a_line_ends_with_a_line_feed_with_or_without_a_carriage_return() {
        assertThat(lines("a\nb\r\n\nc\rd\n", Rest.WAITS)).containsExactly("a", "b", "", "c\rd");
    }

    @Test
    void an_unfinished_line_waits_leaves_or_ends_as_told() {
        assertThat(lines("a\nbc", Rest.WAITS)).containsExactly("a");
        assertThat(lines("a\nbc", Rest.LEAVES)).containsExactly("a", "bc");
        assertThat(lines("a\nbc", Rest.ENDS)).containsExactly("a", "bc");
    }

    @Test
    void what_is_left_of_a_line_that_was_told_is_no_line_if_it_is_only_its_ending() {
        assertThat(lines("\nb\n".getBytes(StandardCharsets.UTF_8), true, Rest.WAITS))
                .containsExactly("b");
        assertThat(lines("\r\nb\n".getBytes(StandardCharsets.UTF_8), true, Rest.WAITS))
                .containsExactly("b");
        assertThat(lines("rest\n\n".getBytes(StandardCharsets.UTF_8), true, Rest.WAITS))
                .containsExactly("rest", "");
    }

    @Test
    void half_an_ending_and_half_a_character_wait_on() {
        List<LogLine> lines = new ArrayList<>();
        byte[] ending = "ab\r".getBytes(StandardCharsets.UTF_8);
        assertThat(LineSplitter.split(ending, 0, 3, 0, false, Rest.LEAVES, lines))
                .isEqualTo(2);
        byte[] character = {'a', (byte) 0xE2, (byte) 0x82};
        assertThat(LineSplitter.split(character, 0, 3, 0, false, Rest.LEAVES, lines))
                .isEqualTo(1);
        assertThat(lines).extracting(LogLine::text).containsExactly("ab", "a");
    }

    @Test
    void a_line_that_is_too_long_is_split_between_characters() {
        String euros = "\u20ac".repeat(50_000); // 150,000 bytes

        List<String> pieces = lines(euros + "\nnext\n", Rest.WAITS);

        assertThat(pieces).hasSize(4);
        assertThat(String.join("", pieces.subList(0, 3))).isEqualTo(euros);
        assertThat(pieces).allMatch(piece -> piece.getBytes(StandardCharsets.UTF_8).length <= LineSplitter.MAX_LINE);
        assertThat(pieces.get(3)).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 0, 1, 2})
    void a_line_about_as_long_as_allowed_gains_and_loses_nothing(int more) {
        String line = "x".repeat(LineSplitter.MAX_LINE + more);

        for (String ending : List.of("\n", "\r\n")) {
            List<String> pieces = lines(line + ending + "y\n", Rest.WAITS);
            assertThat(String.join("", pieces)).isEqualTo(line + "y");
            assertThat(pieces).hasSize(more > 0 ? 3 : 2);
        }
    }

    @Test
    void bytes_that_are_not_utf8_become_the_replacement_character_and_nul_stays() {
        assertThat(lines(new byte[] {'a', (byte) 0xFF, 'b', 0, 'c', '\n'}, false, Rest.WAITS))
                .containsExactly("a\ufffdb\0c");
    }

    /** However the bytes come, in whatever pieces, the lines are the same. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lines_do_not_depend_on_how_the_bytes_arrive(long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String[] parts = {"a", "\n", "\r\n", "\u20ac", "\ud83d\ude00", "\0", "x".repeat(40_000), "\r"};
        for (int i = 0; i < 300; i++) {
            all.writeBytes(parts[random.nextInt(parts.length)].getBytes(StandardCharsets.UTF_8));
        }
        all.write('\n');
        byte[] bytes = all.toByteArray();
        List<LogLine> whole = new ArrayList<>();
        LineSplitter.split(bytes, 0, bytes.length, 0, false, Rest.WAITS, whole);

        List<LogLine> pieces = new ArrayList<>();
        int at = 0;
        for (int end = 0; end < bytes.length; ) {
            end = Math.min(bytes.length, end + 1 + random.nextInt(50_000));
            boolean continues = at > 0 && bytes[at - 1] != '\n';
            at += LineSplitter.split(bytes, at, end, at, continues, Rest.WAITS, pieces);
        }

        assertThat(pieces).isEqualTo(whole);
        assertThat(at).isEqualTo(bytes.length);
    }
}
