package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogCursorTest {
    @Test
    void a_cursor_comes_back_as_it_was_told() {
        LogCursor cursor = new LogCursor(-42, 1L << 40);

        assertThat(LogCursor.parse(cursor.text())).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0", "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "../../etc/passwd", "e1:5"})
    void what_is_no_cursor_is_refused(String text) {
        refused(text);
    }

    @Test
    void a_cursor_that_was_changed_anywhere_is_refused() {
        String good = new LogCursor(7, 4711).text();
        for (int i = 0; i < good.length(); i++) {
            char other = good.charAt(i) == 'A' ? 'B' : 'A';
            refused(good.substring(0, i) + other + good.substring(i + 1));
        }
        refused(good + "A");
        refused(good.substring(1));
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> LogCursor.parse(text))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
}
