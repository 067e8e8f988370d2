package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenNameTest {

    @Test
    void a_token_names_its_agent() {
        assertThat(TokenName.of(token("{\"sub\":\"greeter\"}"))).contains("greeter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sub\":\"../up\"}", "[", "\"x\""})
    void a_token_without_an_agents_name_names_nobody(String claims) {
        assertThat(TokenName.of(token(claims))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a.b", "a.!.c", "plain"})
    void what_is_no_token_names_nobody(String text) {
        assertThat(TokenName.of(text)).isEmpty();
    }

    private static String token(String claims) {
        return "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".s";
    }
}
