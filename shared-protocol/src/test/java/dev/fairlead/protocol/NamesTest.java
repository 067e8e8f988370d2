package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a_b", "a.b", "../etc", "a/b", "a b", "a\u0000", "é", "٣"})
    void what_breaks_the_rule_is_refused_with_the_rule(String name) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> Names.require("Instance name", name))
                .withMessageContaining("Instance name must match [a-z0-9][a-z0-9-]{0,62}")
                .matches(e -> e.code() == ErrorCode.BAD_REQUEST);
    }

    @Test
    void a_name_that_keeps_the_rule_is_returned() {
        assertThat(Names.require("Agent name", "0-agent-")).isEqualTo("0-agent-");
        assertThat(Names.isValid("a".repeat(63))).isTrue();
        assertThat(Names.isValid("a".repeat(64))).isFalse();
    }

    @Test
    void the_check_agrees_with_the_published_expression() {
        Pattern rule = Pattern.compile(Names.RULE);
        Random random = new Random(7);
        String alphabet = "az09-AZ_. é";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(70); n > 0; n--) {
                name.append(alphabet.charAt(random.nextInt(i % 2 == 0 ? 5 : alphabet.length())));
            }
            assertThat(Names.isValid(name.toString()))
                    .as(name.toString())
                    .isEqualTo(rule.matcher(name).matches());
        }
    }
}
