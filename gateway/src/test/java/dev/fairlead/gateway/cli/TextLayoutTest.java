package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class TextLayoutTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) ";

    private final LoggerContext context = new LoggerContext();

    @Test
    void a_line_has_time_level_thread_logger_and_message() {
        assertThat(line(Level.WARN, "Two of 3", null))
                .matches(TIME + "WARN  \\[writer] d\\.f\\.gateway\\.Gateway - Two of 3\\R");
    }

    @Test
    void what_would_look_like_another_line_or_colours_a_terminal_is_a_question_mark() {
        assertThat(line(Level.ERROR, "a\nb\u001b[31m", null)).endsWith(" - a?b?[31m" + System.lineSeparator());
    }

    @Test
    void a_failure_is_told_with_its_cause_and_where_it_was() {
        Exception failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));
        assertThat(line(Level.WARN, "It failed", failure))
                .contains("It failed" + System.lineSeparator() + "java.lang.IllegalStateException: outer")
                .contains("at " + TextLayoutTest.class.getName())
                .contains("Caused by: java.lang.IllegalArgumentException: inner");
    }

    private String line(Level level, String message, Throwable failure) {
        var logger = context.getLogger("dev.fairlead.gateway.Gateway");
        LoggingEvent event = new LoggingEvent("", logger, level, message, failure, null);
        event.setThreadName("writer");
        return new TextLayout().doLayout(event);
    }
}
