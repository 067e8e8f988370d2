package dev.fairlead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawJsonTest {
    private record Carrier(String before, RawJson value, Optional<RawJson> other) {}

    private static Carrier read(String json) {
        // Not from the beginning of the array on: the range has to be that of the array.
        byte[] padded = ("[[[" + json).getBytes(UTF_8);
        return FrameCodec.decodeData(padded, 3, padded.length - 3, Carrier.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"a\" : [ 1.10 , \"\\u00e9\\ud800\" ] }",
                "[]",
                "\"ä 😀\"",
                "\"\"",
                "-1.50e+3",
                "0",
                "true",
                "null",
                "{\"deep\":[[[[{}]]]],\"n\":12345678901234567890}"
            })
    void a_value_in_a_record_is_the_bytes_it_came_in_and_goes_out_as_them(String value) {
        String json = "{\"before\":\"é\",\"value\":" + value + ",\"other\":" + value + "}";
        Carrier read = read(json);
        assertThat(read.value().text()).isEqualTo(value);
        assertThat(FrameCodec.text(read)).isEqualTo(json);
    }

    @Test
    void a_value_larger_than_what_is_written_at_once_is_written_whole() {
        RawJson large = RawJson.ofText("\"" + "ä".repeat(40_000) + "\"");
        assertThat(FrameCodec.text(new Carrier("b", large, Optional.empty())))
                .isEqualTo("{\"before\":\"b\",\"value\":" + large.text() + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "[1,]", "1e99999999999", "[1e-99999999999]", "{\"a\":01}", "nul"})
    void what_could_not_be_read_is_refused_though_nobody_reads_it_here(String value) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> read("{\"before\":\"b\",\"value\":" + value + "}"));
    }

    @Test
    void a_value_that_is_not_there_is_named() {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> read("{\"before\":\"b\"}"))
                .withMessageContaining("'value'");
    }

    @Test
    void in_a_tree_it_is_a_tree() {
        JsonNode tree = FrameCodec.toTree(Map.of("value", RawJson.ofText("{\"a\":[1]}")));
        assertThat(tree).isEqualTo(FrameCodec.tree("{\"value\":{\"a\":[1]}}"));
        assertThat(FrameCodec.fromTree(FrameCodec.tree("{\"before\":\"b\",\"value\":[ 1 ]}"), Carrier.class)
                        .value())
                .isEqualTo(RawJson.ofText("[1]"));
    }

    @Test
    void what_is_kept_holds_on_to_little_of_the_frame_it_came_in() {
        byte[] frame = new byte[100_000];
        frame[50_000] = '7';
        RawJson small = new RawJson(frame, 50_000, 1);
        assertThat(small.compact()).isEqualTo(small).isNotSameAs(small).hasToString("RawJson[1 bytes]");
        RawJson most = new RawJson(frame, 0, 60_000);
        assertThat(most.compact()).isSameAs(most);
    }
}
