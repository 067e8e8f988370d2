package dev.fairlead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"type\":\"message\",\"content\":\"a\"}x",
                "{\"type\":\"message\",\"content\":\"a\",\"content\":\"b\"}",
                "{\"content\":\"a\",\"type\":\"message\",\"type\":\"abort\"}",
                "{\"type\":\"message\",\"content\":\"\u0001\"}",
                "{\"type\":\"connect\",\"capabilities\":[01]}"
            })
    void what_is_not_one_strict_json_value_is_invalid_json(String json) {
        assertRefused(json, ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"ping\"", "{}", "{\"content\":\"a\"}", "{\"type\":null}"})
    void what_has_no_type_is_no_frame(String json) {
        assertRefused(json, ErrorCode.INVALID_FRAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"from_the_future\"}", "{\"type\":\"MESSAGE\"}", "{\"type\":\"\"}"})
    void a_type_of_no_frame_is_unknown(String json) {
        assertRefused(json, ErrorCode.UNKNOWN_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"message\"}",
                "{\"type\":\"message\",\"content\":null}",
                "{\"type\":\"message\",\"content\":1}",
                "{\"type\":\"message\",\"content\":{}}",
                "{\"type\":\"message\",\"content\":true}"
            })
    void a_field_that_is_missing_or_of_the_wrong_kind_is_named(String json) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> FrameCodec.decode(json.getBytes(UTF_8), ChatCommand.class))
                .withMessage("Field 'content' is missing or of the wrong kind")
                .matches(e -> e.code() == ErrorCode.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3.0", "3e0", "0.3e1", "30e-1", "3.000"})
    void a_whole_number_is_whole_however_it_is_written(String three) {
        String json = "{\"message_id\":\"m\",\"attempt\":" + three + "}";
        assertThat(RawJson.of(json.getBytes(UTF_8)).as(AgentData.Settle.class).attempt())
                .isEqualTo(3);
    }

    /** A state of the tests. */
    enum Shade {
        LIGHT,
        DARK;

        @JsonValue
        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** With one value of a list. */
    record Shaded(Shade shade) {}

    @Test
    void a_wrong_value_of_a_list_is_told_with_the_right_ones() {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() ->
                        RawJson.of("{\"shade\":\"green\"}".getBytes(UTF_8)).as(Shaded.class))
                .withMessage("Field 'shade' is one of light, dark")
                .matches(e -> e.code() == ErrorCode.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"message_id\":\"m\",\"attempt\":\"1\"}",
                "{\"message_id\":\"m\",\"attempt\":1.5}",
                "{\"message_id\":\"m\",\"attempt\":null}",
                "{\"message_id\":\"m\"}",
                "{\"message_id\":\"m\",\"attempt\":99999999999}",
                "{\"message_id\":\"m\",\"attempt\":99999999999.0}",
                "{\"message_id\":\"m\",\"attempt\":1e999999999}",
                "{\"message_id\":\"m\",\"attempt\":1e-999999999}"
            })
    void a_number_is_a_number_that_fits(String json) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> RawJson.of(json.getBytes(UTF_8)).as(AgentData.Settle.class))
                .withMessageContaining("'attempt'");
    }

    @Test
    void a_null_within_a_list_does_not_travel() {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> FrameCodec.decode(
                        "{\"type\":\"subscribe\",\"symbols\":[null]}".getBytes(UTF_8), StreamControl.FromClient.class))
                .matches(e -> e.code() == ErrorCode.BAD_REQUEST);
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() ->
                        RawJson.of("{\"lines\":[\"a\",null]}".getBytes(UTF_8)).as(AgentData.LogAppend.class))
                .withMessageContaining("'lines");
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> RawJson.of("{\"token\":\"t\",\"capabilities\":[null]}".getBytes(UTF_8))
                        .as(AgentData.Register.class))
                .withMessageContaining("'capabilities");
    }

    @Test
    void unknown_fields_are_ignored() {
        assertThat(FrameCodec.decode(
                        "{\"x\":{\"y\":[]},\"type\":\"abort\",\"z\":1}".getBytes(UTF_8), ChatCommand.class))
                .isEqualTo(new ChatCommand.Abort());
    }

    @Test
    void an_instant_has_three_digits_of_milliseconds_and_what_is_finer_is_cut() {
        assertThat(InstantFormat.format(Instant.parse("2026-02-20T01:23:45.999999Z")))
                .isEqualTo("2026-02-20T01:23:45.999Z");
        assertThat(InstantFormat.format(Instant.parse("2026-02-20T01:23:45Z"))).isEqualTo("2026-02-20T01:23:45.000Z");
    }

    @Test
    void a_number_that_is_passed_on_stays_as_it_was_written() {
        String json = "{\"a\":1.10,\"b\":0.1234567890123456789,\"c\":12345678901234567890}";
        assertThat(new String(FrameCodec.encode(FrameCodec.tree(json)), UTF_8)).isEqualTo(json);
    }

    @Test
    void numbers_names_and_nesting_are_bounded() {
        assertThatExceptionOfType(FairleadException.class).isThrownBy(() -> FrameCodec.tree("9".repeat(101)));
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> FrameCodec.tree("{\"" + "n".repeat(100_000) + "\":1}"));
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> FrameCodec.tree("[".repeat(33) + "]".repeat(33)));
        assertThat(FrameCodec.tree("[".repeat(32) + "]".repeat(32)).isArray()).isTrue();
    }

    @Test
    void an_error_body_survives_the_wire_and_one_of_a_later_version_is_still_told() {
        FairleadException e = new FairleadException(ErrorCode.STALE_LEASE, "Attempt 1 is over");
        ErrorBody body = ErrorBody.of(e, AgentSubjects.MESSAGE_ACK);
        assertThat(new String(FrameCodec.encode(body), UTF_8))
                .isEqualTo("{\"error\":{\"code\":\"stale_lease\",\"message\":\"Attempt 1 is over\","
                        + "\"subject\":\"message.ack\"}}");
        assertThat(body.toException().code()).isEqualTo(ErrorCode.STALE_LEASE);
        ErrorBody later = FrameCodec.fromTree(
                FrameCodec.toTree(Map.of("error", Map.of("code", "new_one", "message", "m"))), ErrorBody.class);
        assertThat(later.toException()).hasMessage("new_one: m");
    }

    private static void assertRefused(String json, ErrorCode code) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> FrameCodec.decode(json.getBytes(UTF_8), ChatCommand.class))
                .matches(e -> e.code() == code, "has code " + code);
    }
}
