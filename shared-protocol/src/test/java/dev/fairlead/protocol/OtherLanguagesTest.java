package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clients for other languages know by heart what a client may repeat, and which closes end it. */
class OtherLanguagesTest {
    private static final Path CLIENTS = Path.of("clients");
    private static final Pattern CODE = Pattern.compile("\"([a-z_]+)\"");
    private static final Pattern CLOSE = Pattern.compile("\\b(4\\d{3}): \"");

    @ParameterizedTest
    @CsvSource({"python/src/fairlead/errors.py,_RETRYABLE", "typescript/src/errors.ts,const RETRYABLE"})
    void what_may_be_repeated_is_the_same_in_every_language(Path file, String name) throws IOException {
        String source = Files.readString(CLIENTS.resolve(file));
        int from = source.indexOf(name);
        Set<String> repeated = matches(CODE, source.substring(from, source.indexOf(')', from)));
        for (ErrorCode code : ErrorCode.values()) {
            if (!code.name().startsWith("CHAT_")) { // a turn is not repeated by itself
                assertThat(repeated.contains(code.wire())).as(code.wire()).isEqualTo(code.retryable());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"python/src/fairlead/link.py", "typescript/src/link.ts"})
    void the_closes_that_end_a_client_are_the_same_in_every_language(Path file) throws IOException {
        Set<String> terminal = Arrays.stream(CloseCode.values())
                .filter(CloseCode::terminal)
                .map(code -> Integer.toString(code.code()))
                .collect(Collectors.toSet());
        assertThat(matches(CLOSE, Files.readString(CLIENTS.resolve(file)))).isEqualTo(terminal);
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toSet());
    }
}
