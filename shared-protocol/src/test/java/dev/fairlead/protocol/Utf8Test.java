package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "c0af",
                "c1bf",
                "e08080",
                "e09fbf",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "ff",
                "c3",
                "e282",
                "f09f9a",
                "c328",
                "e28228",
                "f09f9a28",
                "e2c3a9"
            })
    void what_the_rfc_forbids_is_refused_wherever_it_stands(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        for (int before = 0; before < 10; before++) {
            byte[] bytes = new byte[before + bad.length];
            Arrays.fill(bytes, (byte) 'a');
            System.arraycopy(bad, 0, bytes, before, bad.length);
            assertThat(Utf8.isValid(bytes, 0, bytes.length)).isFalse();
        }
    }

    @Test
    void only_the_range_counts() {
        byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF};
        assertThat(Utf8.isValid(bytes, 1, 3)).isTrue();
        assertThat(Utf8.isValid(bytes, 1, 2)).isFalse();
        assertThat(Utf8.isValid(bytes, 5, 0)).isTrue();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Utf8.isValid(bytes, 3, 3));
    }

    @Test
    void the_check_agrees_with_the_platforms_decoder() {
        Random random = new Random(11);
        byte[] interesting = HexFormat.of().parseHex("6162c2e0e1edeff0f1f4f5808f90909fa0bfc3ff");
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = interesting[random.nextInt(random.nextBoolean() ? 2 : interesting.length)];
            }
            assertThat(Utf8.isValid(bytes, 0, bytes.length))
                    .as(HexFormat.of().formatHex(bytes))
                    .isEqualTo(decodes(bytes));
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
