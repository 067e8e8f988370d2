package dev.fairlead.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SanitisedTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no route to https://user:canary42@host/v1",
                "GET https://host/v1?api_key=canary42&x=1 failed",
                "Incorrect API key provided: sk-canary42canary42",
                "Authorization: Bearer canary42canary42",
                "{\"api_key\": \"canary42\"}",
                "eyJhbGciOiJIUzI1NiJ9.canary42.canary42 is expired",
                "boom\n\tat com.canary42.Secret.run(Secret.java:1)\n\tat x.Y.z(Y.java:2)",
            })
    void what_is_nobodys_to_read_is_taken_out(String text) {
        assertThat(Sanitised.text(text)).isNotEmpty().doesNotContain("canary42");
    }

    @Test
    void what_went_wrong_stays_readable() {
        assertThat(Sanitised.text("The model 'small' was not found (404)"))
                .isEqualTo("The model 'small' was not found (404)");
        assertThat(Sanitised.text(" ")).isEqualTo("The agent failed without saying why");
    }
}
