package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Test
    void it_finds_what_text_finds() {
        Random random = new Random(7);
        for (int round = 0; round < 3_000; round++) {
            String text = letters(random, random.nextInt(60));
            String wanted = letters(random, 1 + random.nextInt(4));
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertThat(ByteSearch.of(wanted, true).orElseThrow().find(bytes, 0, bytes.length))
                    .isEqualTo(text.indexOf(wanted));
            assertThat(ByteSearch.of(wanted, false).orElseThrow().find(bytes, 0, bytes.length))
                    .isEqualTo(text.toLowerCase(Locale.ROOT).indexOf(wanted.toLowerCase(Locale.ROOT)));
            assertThat(ByteSearch.find((byte) wanted.charAt(0), bytes, 0, bytes.length))
                    .isEqualTo(text.indexOf(wanted.charAt(0)));
        }
    }

    @Test
    void letters_with_other_forms_in_another_case_are_left_to_text() {
        assertThat(ByteSearch.of("größe", false)).isEmpty();
        assertThat(ByteSearch.of("größe", true)).isPresent();
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 0, 6)
                .mapToObj(i -> "aAbBcC".substring(i, i + 1))
                .reduce("", String::concat);
    }
}
