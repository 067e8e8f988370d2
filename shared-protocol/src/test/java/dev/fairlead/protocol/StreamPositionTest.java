package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPositionTest {
    @Test
    void a_position_reads_back_as_it_was_written() {
        StreamPosition position = new StreamPosition("k3_-Z", 42);
        assertThat(position).hasToString("k3_-Z:42");
        assertThat(StreamPosition.parse("k3_-Z:42")).isEqualTo(position);
        assertThat(position.next()).isEqualTo(new StreamPosition("k3_-Z", 43));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "a",
                "a:",
                ":1",
                "a:-1",
                "a:+1",
                "a:1x",
                "a:b:1",
                "a b:1",
                "a:1234567890123456789",
                "a:99999999999999999999",
                "a:٣"
            })
    void anything_else_is_a_bad_request(String text) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> StreamPosition.parse(text))
                .matches(e -> e.code() == ErrorCode.BAD_REQUEST);
    }
}
