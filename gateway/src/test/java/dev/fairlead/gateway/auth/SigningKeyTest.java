package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.time.ManualTime;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
    @Test
    void a_key_below_256_bits_is_refused_with_the_remedy() {
        assertThatThrownBy(() -> SigningKey.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("248 bits")
                .hasMessageContaining("openssl rand -base64 48");
    }

    @Test
    void text_that_is_not_base64_is_refused_without_being_repeated() {
        assertThatThrownBy(() -> SigningKey.parse("my secret pass phrase!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl rand -base64 48")
                .message()
                .doesNotContain("secret pass");
    }

    @Test
    void both_base64_alphabets_are_read() {
        byte[] bytes = new byte[33];
        java.util.Arrays.fill(bytes, (byte) 0xFB);
        String standard = SigningKey.parse(Base64.getEncoder().encodeToString(bytes) + "\n")
                .reveal();
        String url =
                SigningKey.parse(Base64.getUrlEncoder().encodeToString(bytes)).reveal();
        assertThat(standard).isEqualTo(url).isEqualTo(Base64.getEncoder().encodeToString(bytes));
    }

    @Test
    void a_kept_key_verifies_what_it_signed_before() {
        SigningKey key = SigningKey.generate();
        ManualTime time = new ManualTime();
        String token = new TokenIssuer(key, time).agent("a-1").text();
        SigningKey kept = SigningKey.parse(key.reveal());
        assertThat(new TokenVerifier(kept, time).verify(token).subject()).isEqualTo("a-1");
    }

    @Test
    void no_two_generated_keys_are_alike_and_none_shows() {
        SigningKey key = SigningKey.generate();
        assertThat(key.reveal()).isNotEqualTo(SigningKey.generate().reveal());
        assertThat(key.toString()).doesNotContain(key.reveal());
    }
}
