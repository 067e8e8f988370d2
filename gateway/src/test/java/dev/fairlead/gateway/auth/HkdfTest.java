package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {
    /** Test case 3 of RFC 5869, the first 32 bytes of what it gives. */
    @Test
    void a_key_is_what_the_standard_says() {
        byte[] secret = HexFormat.of().parseHex("0b".repeat(22));

        assertThat(HexFormat.of().formatHex(Hkdf.derive(secret, "")))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    @Test
    void each_purpose_has_its_own() {
        SigningKey key = SigningKey.generate();

        assertThat(key.derive("one")).isNotEqualTo(key.derive("another")).isEqualTo(key.derive("one"));
    }
}
