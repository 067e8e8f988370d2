package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    private static final byte OTHER = 0x1b;

    @Test
    void the_other_byte_is_met_as_well() {
        byte[] bytes = "some\u001b[31mtext and text".getBytes(StandardCharsets.US_ASCII);
        ByteSearch text = ByteSearch.of("text", true).orElseThrow();
        assertThat(text.find(OTHER, bytes, 0, bytes.length)).isEqualTo(4);
        assertThat(text.find(OTHER, bytes, 5, bytes.length)).isEqualTo(9);
        assertThat(text.find(OTHER, bytes, 10, bytes.length)).isEqualTo(18);
        assertThat(text.find(OTHER, bytes, 19, bytes.length)).isEqualTo(-1);
    }

    @Test
    void it_finds_what_text_finds() {
        Random random = new Random(7);
        for (int round = 0; round < 3_000; round++) {
            String text = letters(random, random.nextInt(60));
            String wanted = letters(random, 1 + random.nextInt(12 - random.nextInt(12)));
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertThat(ByteSearch.of(wanted, true).orElseThrow().find(OTHER, bytes, 0, bytes.length))
                    .isEqualTo(text.indexOf(wanted));
            assertThat(ByteSearch.of(wanted, false).orElseThrow().find(OTHER, bytes, 0, bytes.length))
                    .isEqualTo(text.toLowerCase(Locale.ROOT).indexOf(wanted.toLowerCase(Locale.ROOT)));
            assertThat(ByteSearch.indexOf((byte) wanted.charAt(0), bytes, 0, bytes.length))
                    .isEqualTo(text.indexOf(wanted.charAt(0)));
        }
    }

    @Test
    void what_lies_outside_of_the_range_is_not_found() {
        Random random = new Random(11);
        for (int round = 0; round < 3_000; round++) {
            String text = letters(random, 80);
            String wanted = letters(random, 1 + random.nextInt(3));
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            int from = random.nextInt(80);
            int to = from + random.nextInt(81 - from);
            int found = text.substring(from, to).indexOf(wanted);
            assertThat(ByteSearch.of(wanted, true).orElseThrow().find(OTHER, bytes, from, to))
                    .isEqualTo(found < 0 ? -1 : from + found);
        }
    }

    @Test
    void signs_that_differ_from_a_letter_by_its_case_alone_are_no_letters() {
        byte[] bytes = "@`[{\u0000 AB".getBytes(StandardCharsets.US_ASCII);
        assertThat(ByteSearch.of("ab", false).orElseThrow().find(OTHER, bytes, 0, bytes.length))
                .isEqualTo(6);
        assertThat(ByteSearch.of("`", false).orElseThrow().find(OTHER, bytes, 0, bytes.length))
                .isEqualTo(1);
        assertThat(ByteSearch.of("{", false).orElseThrow().find(OTHER, bytes, 0, bytes.length))
                .isEqualTo(3);
    }

    @Test
    void letters_with_other_forms_in_another_case_are_left_to_text() {
        assertThat(ByteSearch.of("größe", false)).isEmpty();
        assertThat(ByteSearch.of("größe", true)).isPresent();
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 0, 8)
                .mapToObj(i -> "aAbBcC @".substring(i, i + 1))
                .reduce("", String::concat);
    }
}
