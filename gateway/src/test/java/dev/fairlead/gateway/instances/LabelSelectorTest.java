package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.FairleadException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
    private static final Map<String, String> LABELS = Map.of("team", "a", "tier", "", "fairlead.dev/stage", "canary-1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "team=a                      | true",
                "team == a                   | true",
                "team=b                      | false",
                "team=A                      | false",
                "team!=b                     | true",
                "team!=a                     | false",
                "owner!=a                    | true",
                "team in (b, a)              | true",
                "team in (b)                 | false",
                "team notin (b,c)            | true",
                "team notin (a)              | false",
                "owner notin (a)             | true",
                "owner in (a)                | false",
                "team                        | true",
                "owner                       | false",
                "!owner                      | true",
                "! team                      | false",
                "tier=                       | true",
                "team=                       | false",
                "team=a,!owner               | true",
                "team in (a,b),tier          | true",
                "team=a,owner                | false",
                "fairlead.dev/stage=canary-1 | true"
            })
    void a_selector_means_the_instances_that_fulfil_all_of_it(String selector, boolean meant) {
        assertThat(LabelSelector.parse(selector).matches(LABELS)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                ",",
                "team=a,",
                "=a",
                "!=a",
                "team=a=b",
                "team=a b",
                "team in a",
                "team in (a",
                "team=(a)",
                "-team",
                "team=-a",
                "a b",
                "!",
                "team in (a),(b)",
                "tëam=a"
            })
    void what_is_none_is_refused(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("selector");
    }

    @Test
    void its_size_is_bounded() {
        String many = IntStream.rangeClosed(0, LabelSelector.MAX_TERMS)
                .mapToObj(i -> "k" + i)
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> LabelSelector.parse(many)).hasMessageContaining("16 conditions");
        assertThatThrownBy(() -> LabelSelector.parse("k=" + "a".repeat(LabelSelector.MAX_CHARS)))
                .hasMessageContaining("1000 characters");
        String values = IntStream.rangeClosed(0, LabelSelector.MAX_VALUES)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> LabelSelector.parse("k in (" + values + ")")).hasMessageContaining("64 values");
    }

    @Test
    void labels_are_short_few_and_fit_a_command_line() {
        Labels.check(LABELS);
        Labels.check(Map.of("k".repeat(63), "v".repeat(63)));
        assertThatThrownBy(() -> Labels.check(Map.of("team a", ""))).hasMessageContaining("key");
        assertThatThrownBy(() -> Labels.check(Map.of("k".repeat(64), ""))).hasMessageContaining("63 at most");
        assertThatThrownBy(() -> Labels.check(Map.of("team", "a,b"))).hasMessageContaining("'team'");
        Map<String, String> many =
                IntStream.rangeClosed(0, Labels.MAX_LABELS).boxed().collect(Collectors.toMap(i -> "k" + i, i -> ""));
        assertThatThrownBy(() -> Labels.check(many)).hasMessageContaining("at most 16");
    }
}
