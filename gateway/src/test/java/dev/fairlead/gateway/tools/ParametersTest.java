package dev.fairlead.gateway.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    private static final Parameters ALL = Parameters.of()
            .text("name", "Whose", 5, "[a-z]+")
            .optional()
            .choice("level", "How loud", List.of("low", "high"))
            .number("lines", "How many", 1, 10)
            .flag("all", "Whether all")
            .json("payload", "Anything", 10)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'a'}",
                "{'name':'abc','level':'low','lines':10,'all':false,'payload':[1,2]}",
                "{'name':'abc','payload':null}"
            })
    void what_fits_is_accepted(String args) {
        assertThatCode(() -> ALL.check(json(args))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                          | 'name' is missing
                    {"name":null}               | 'name' is missing
                    {"name":1}                  | 'name' must be a text
                    {"name":"abcdef"}           | at most 5
                    {"name":"A"}                | must match
                    {"name":"a","level":"mid"}  | one of low, high
                    {"name":"a","lines":0}      | from 1 to 10
                    {"name":"a","lines":11}     | from 1 to 10
                    {"name":"a","lines":1.5}    | from 1 to 10
                    {"name":"a","lines":99999999999} | from 1 to 10
                    {"name":"a","all":"yes"}    | true or false
                    {"name":"a","payload":[1,2,3,4,5]} | at most 10 bytes
                    {"name":"a","other":1}      | takes name, level, lines, all, payload
                    []                          | JSON object
                    """)
    void what_does_not_fit_is_refused_by_name(String args, String why) {
        assertThatThrownBy(() -> ALL.check(FrameCodec.tree(args)))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining(why);
    }

    @Test
    void the_schema_says_the_same_as_the_check() {
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(ALL.schema().toString());

        assertThat(schema.validate(json("{'name':'abc','level':'low','lines':10,'all':false,'payload':[1,2]}")))
                .isEmpty();
        assertThat(schema.validate(json("{'lines':11,'level':'x','other':1}"))).hasSize(4);
    }

    @Test
    void a_private_value_is_not_shown() {
        assertThat(ALL.shown(json("{'name':'a','payload':{'k':'canary'}}")).toString())
                .isEqualTo("{\"name\":\"a\",\"payload\":\"…\"}");
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        return FrameCodec.tree(text.replace('\'', '"'));
    }
}
