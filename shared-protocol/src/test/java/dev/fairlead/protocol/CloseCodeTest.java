package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseCodeTest {
    @ParameterizedTest
    @CsvSource({
        "NORMAL,1000", "GOING_AWAY,1001", "NOT_UTF8,1007", "INVALID_FRAME,1008", "TOO_BIG,1009",
        "CHAT_AGENT_FAILED,1011", "BAD_QUERY,4400", "UNAUTHORIZED,4401", "FORBIDDEN,4403", "NOT_FOUND,4404",
        "REGISTRATION_TIMEOUT,4408", "REPLACED,4409", "TOO_MANY,4429", "INTERNAL,4500"
    })
    void the_codes_are_those_of_the_contract(CloseCode name, int code) {
        assertThat(name.code()).isEqualTo(code);
        assertThat(CloseCode.of(code)).contains(name);
    }

    @Test
    void there_is_no_further_code() {
        assertThat(CloseCode.values()).hasSize(14);
        assertThat(CloseCode.of(1006)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "🚢"})
    void a_long_reason_is_cut_at_a_character_within_the_limit_of_a_close_frame(String character) {
        String cut = CloseCode.reason(character.repeat(200));
        int width = character.getBytes(StandardCharsets.UTF_8).length;
        assertThat(cut).isEqualTo(character.repeat(CloseCode.MAX_REASON_BYTES / width));
    }

    @Test
    void a_reason_that_fits_is_left_alone() {
        assertThat(CloseCode.reason("a".repeat(123))).hasSize(123);
        assertThat(CloseCode.reason("")).isEmpty();
    }
}
