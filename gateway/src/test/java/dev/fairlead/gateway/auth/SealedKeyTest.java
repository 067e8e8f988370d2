package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SealedKeyTest {
    private static final String PASSWORD = "correct horse battery staple";

    private final SigningKey key = SigningKey.generate();

    @Test
    void the_password_it_was_sealed_with_opens_it() {
        assertThat(SealedKey.seal(key, PASSWORD).open(PASSWORD).orElseThrow().reveal())
                .isEqualTo(key.reveal());
    }

    @Test
    void another_password_does_not() {
        assertThat(SealedKey.seal(key, PASSWORD).open(PASSWORD + "!")).isEmpty();
    }

    @Test
    void what_was_changed_does_not_open() {
        SealedKey sealed = SealedKey.seal(key, PASSWORD);
        char last = sealed.sealed().charAt(sealed.sealed().length() - 1);
        String changed = sealed.sealed().substring(0, sealed.sealed().length() - 1) + (last == '0' ? '1' : '0');

        assertThat(new SealedKey(sealed.salt(), changed).open(PASSWORD)).isEmpty();
    }

    @Test
    void two_of_the_same_key_have_nothing_in_common() {
        SealedKey one = SealedKey.seal(key, PASSWORD);
        SealedKey other = SealedKey.seal(key, PASSWORD);

        assertThat(one.salt()).isNotEqualTo(other.salt());
        assertThat(one.sealed()).isNotEqualTo(other.sealed());
    }

    @Test
    void it_shows_nothing() {
        assertThat(SealedKey.seal(key, PASSWORD)).hasToString("SealedKey[********]");
    }
}
