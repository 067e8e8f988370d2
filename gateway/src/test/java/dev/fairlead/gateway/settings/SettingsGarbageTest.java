package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written, the answer is settings or a list of problems, never another failure. */
class SettingsGarbageTest {

    private static final String LETTERS = "abz019._-:,=#&*!|>'\"%@`{}[]?~ \t\n\r\u0000\u0001\u00e9\u202e\ud83d";

    @ParameterizedTest
    @MethodSource("seeds")
    void random_values_are_taken_or_refused(long seed) {
        Random random = new Random(seed);
        for (SettingKey key : SettingKeys.all()) {
            try {
                Settings.of(key.name() + "=" + garbage(random, random.nextInt(40)));
            } catch (SettingsException e) {
                assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> assertThat(problem)
                        .doesNotContain("\n", "\u0001", "\u202e"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void random_files_are_taken_or_refused(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            List<String> problems = new ArrayList<>();
            YamlSource.parse(mutated(random), "garbage.yaml", problems);
            assertThat(problems).allSatisfy(problem -> assertThat(problem).contains("garbage.yaml"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? "})
    void a_file_nested_without_end_is_refused(String opening) {
        List<String> problems = new ArrayList<>();
        YamlSource.parse(opening.repeat(100_000), "deep.yaml", problems);
        assertThat(problems).isNotEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private static String mutated(Random random) {
        StringBuilder yaml = new StringBuilder(
                SettingsPrinter.yaml(SettingsLoader.nothing().load().values()));
        for (int i = 0; i < 5; i++) {
            yaml.insert(random.nextInt(yaml.length()), garbage(random, 1 + random.nextInt(6)));
        }
        return yaml.toString();
    }

    private static String garbage(Random random, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, LETTERS.length()).forEach(i -> text.append(LETTERS.charAt(i)));
        return text.toString();
    }
}
