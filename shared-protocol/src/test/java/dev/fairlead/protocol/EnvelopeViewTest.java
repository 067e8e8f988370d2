package dev.fairlead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeViewTest {
    @Test
    void subject_reply_and_data_are_read_in_any_order() {
        EnvelopeView view = parse("{\"x\":[{}],\"data\":{\"a\":1},\"reply\":\"inbox.1\",\"subject\":\"a.b\"}");
        assertThat(view.subject()).hasToString("a.b");
        assertThat(view.reply()).contains(new Subject("inbox.1"));
        assertThat(view.data().map(RawJson::text)).contains("{\"a\":1}");
    }

    @Test
    void reply_may_be_missing_or_null_and_data_that_is_null_is_data() {
        assertThat(parse("{\"subject\":\"a\"}").data()).isEmpty();
        assertThat(parse("{\"subject\":\"a\"}").reply()).isEmpty();
        EnvelopeView nulls = parse("{\"subject\":\"a\",\"reply\":null,\"data\":null}");
        assertThat(nulls.data().map(RawJson::text)).contains("null");
        assertThat(nulls.reply()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ \"a\" : \"é€🚢\\\"}\" , \"b\" : [ 1.50 , -0 ] }",
                "{\"n\":123456789012345678901234567890}",
                "\"hello\"",
                "\"\"",
                "\"é€🚢 \\\" \\u00e9 \\\\\"",
                "[1, [\"}\"] ,{}]",
                "[]",
                "-1.50e+3",
                "0",
                "123456789012345678901234567890",
                "true",
                "false",
                "null",
                "{\"{\":\"}\"}"
            })
    void data_is_passed_on_as_the_very_bytes_it_came_in(String data) {
        String json = "{\"é\":\"€\",\"subject\":\"a\", \"data\" : " + data + " ,\"timestamp\":1}";
        assertThat(parse(json).data().map(RawJson::text)).contains(data);
        byte[] padded = ("xxx" + json + "yyy").getBytes(UTF_8);
        EnvelopeView inner = EnvelopeView.parse(padded, 3, padded.length - 6);
        assertThat(inner.data().map(RawJson::toBytes)).contains(data.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"subject\":\"a\"",
                "{\"subject\":\"a\",}",
                "{\"subject\":\"a\"}x",
                "{\"subject\":\"a\"} {}",
                "{\"subject\":\"a\"}]",
                "{\"subject\":\"a\",\"subject\":\"b\"}",
                "{\"subject\":\"a\",\"data\":{\"k\":1,\"k\":2}}",
                "{\"subject\":\"a\",\"data\":{\"k\":1,\"\\u006b\":2}}",
                "{\"subject\":\"a\",\"x\":{\"y\":[{\"k\":1,\"k\":2}]}}",
                "{\"subject\":\"a\",\"data\":{\"k\":NaN}}",
                "{\"subject\":\"a\",\"data\":{\"k\":01}}",
                "{\"subject\":\"a\",\"data\":{'k':1}}",
                "{\"subject\":\"a\",\"data\":{\"k\":\"\u0001\"}}",
                "{\"subject\":\"a\"/**/}",
                "{\"subject\":\"a\",\"data\":}",
                "{\"subject\":\"a\",\"data\":nul}",
                "{\"subject\":\"a\",\"data\":\"x}",
                "{\"subject\":\"a\",\"data\":\"\\x\"}",
                "{\"subject\":\"a\",\"data\":1.}",
                "{\"subject\":\"a\",\"data\":1 2}",
                "\uFEFF{\"subject\":\"a\"}"
            })
    void what_is_not_one_strict_json_value_is_invalid_json(String json) {
        assertRefused(json.getBytes(UTF_8), ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "\"a\"",
                "null",
                "{}",
                "{\"data\":{}}",
                "{\"subject\":null}",
                "{\"subject\":1}",
                "{\"subject\":{}}",
                "{\"subject\":\"\"}",
                "{\"subject\":\"a b\"}",
                "{\"subject\":\"a\",\"reply\":1}",
                "{\"subject\":\"a\",\"reply\":\"..\"}"
            })
    void json_that_is_no_envelope_is_an_invalid_envelope(String json) {
        assertRefused(json.getBytes(UTF_8), ErrorCode.INVALID_ENVELOPE);
    }

    @Test
    void nesting_ends_at_32() {
        assertThat(parse(nested(32)).data()).isPresent();
        assertRefused(nested(33).getBytes(UTF_8), ErrorCode.INVALID_JSON);
        assertRefused(nested(100_000).getBytes(UTF_8), ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void no_encoding_but_utf_8_is_taken(String charset) {
        assertRefused("{\"subject\":\"a\",\"data\":{}}".getBytes(Charset.forName(charset)), ErrorCode.INVALID_JSON);
    }

    @Test
    void garbage_is_refused_and_nothing_else_is_thrown() {
        Random random = new Random(3);
        byte[] good = "{\"subject\":\"a.b\",\"reply\":\"inbox.1\",\"data\":{\"a\":[1,\"é\"]},\"timestamp\":1}"
                .getBytes(UTF_8);
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            accepted += isAccepted(bytes, length) ? 1 : 0;
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void an_error_does_not_repeat_what_was_sent() {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(
                        () -> parse("{\"subject\":\"agent.register\",\"data\":{\"token\":\"canary-canary\" canary}}"))
                .withMessageNotContaining("canary");
        assertThat(parse("{\"subject\":\"a\",\"data\":{\"token\":\"canary\"}}")
                        .data()
                        .orElseThrow())
                .asString()
                .doesNotContain("canary");
    }

    private static boolean isAccepted(byte[] bytes, int length) {
        try {
            EnvelopeView view = EnvelopeView.parse(bytes, 0, length);
            view.data().ifPresent(data -> FrameCodec.tree(data.toBytes()));
            return true;
        } catch (FairleadException e) {
            return false;
        }
    }

    private static void assertRefused(byte[] json, ErrorCode code) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> EnvelopeView.parse(json))
                .as(new String(json, 0, Math.min(80, json.length), UTF_8))
                .matches(e -> e.code() == code, "has code " + code);
    }

    private static String nested(int levels) {
        // The envelope and data are two levels themselves.
        return "{\"subject\":\"a\",\"data\":{\"x\":" + "[".repeat(levels - 2) + "]".repeat(levels - 2) + "}}";
    }

    private static EnvelopeView parse(String json) {
        return EnvelopeView.parse(json.getBytes(UTF_8));
    }
}
