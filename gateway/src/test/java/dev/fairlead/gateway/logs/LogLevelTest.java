package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2026-01-01 00:00:00,000 INFO  [main] started|INFO",
                "12:00:00 WARNING disk is filling|WARN",
                "[error] 12#0: connect() failed|ERROR",
                "error: no such file|ERROR",
                "<warn> deprecated|WARN",
                "ts=1 level=warn msg=\"error was mended\"|WARN",
                "{\"msg\":\"ERROR seen\",\"level\":\"debug\"}|DEBUG",
                "{\"level\":50,\"time\":1}|ERROR",
                "{\"severity\": \"CRITICAL\"}|FATAL",
                "{\"log\":{\"level\":\"warning\"},\"message\":\"x\"}|WARN",
                "W1231 12:00:00.123456   1 reflector.go:1] watch ended|WARN",
                "E0102 03:04:05.000001 main.go:7] ERROR is not what INFO says|ERROR",
                "12:00PM WRN slow request|WARN",
                "[12:00:00 INF] Started|INFO",
                "fail: Microsoft.Hosting[0]|ERROR",
                "I have a TRACE of it|TRACE"
            })
    void a_line_says_how_severe_it_is_in_one_of_the_usual_forms(String line, LogLevel level) {
        assertThat(LogLevel.of(line)).hasValue(level);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no error here",
                "INFORMED people",
                "terror: none",
                "user_ERROR_count=3",
                "level=loud",
                "{\"level\":3}",
                "E1 of 7",
                "It may fail here"
            })
    void any_other_line_says_nothing_of_it(String line) {
        assertThat(LogLevel.of(line)).isEqualTo(Optional.empty());
    }
}
