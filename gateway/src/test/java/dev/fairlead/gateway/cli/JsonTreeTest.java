package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"text\"",
                "null",
                "-7",
                "{\"a\":[1,2.5,-1e3,true,false,null,\"\\u00e9\\n\"],\"b\":{\"c\":{\"d\":[[],[{}]]}},\"\":0}",
                "{\"int\":2147483647,\"long\":2147483648,\"big\":9223372036854775808}",
                "{\"twice\":1,\"twice\":2}",
                " [1] and more"
            })
    void a_tree_is_the_one_that_the_mapper_reads(String text) throws Exception {
        assertThat(JsonTree.of(text)).isEqualTo(JsonMapper.builder().build().readTree(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{", "{\"a\":", "[1,", "[1}", "}", "{\"a\" 1}", "nothing"})
    void what_is_no_json_is_refused(String text) {
        assertThatThrownBy(() -> JsonTree.of(text)).isInstanceOf(JsonProcessingException.class);
    }
}
