package dev.fairlead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeWriterTest {
    private static final Subject SUBJECT = new Subject("task.run");
    private static final Optional<Subject> REPLY = Optional.of(new Subject("inbox.9f"));
    private static final Optional<RawJson> DATA = Optional.of(RawJson.of("{ \"a\" : \"é\" }".getBytes(UTF_8)));

    @Test
    void an_envelope_is_compact_json_subject_first_and_data_untouched() {
        assertThat(new String(
                        EnvelopeWriter.write(SUBJECT, REPLY, Optional.of("agent-1"), DATA, 1767225600000L), UTF_8))
                .isEqualTo("{\"subject\":\"task.run\",\"reply\":\"inbox.9f\",\"from\":\"agent-1\","
                        + "\"data\":{ \"a\" : \"é\" },\"timestamp\":1767225600000}");
    }

    @Test
    void what_is_absent_is_left_out() {
        assertThat(new String(
                        EnvelopeWriter.write(SUBJECT, Optional.empty(), Optional.empty(), Optional.empty(), 0), UTF_8))
                .isEqualTo("{\"subject\":\"task.run\",\"timestamp\":0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\b", "a\nb", "é🚢", "\u0000"})
    void a_sender_is_escaped(String from) {
        byte[] json = EnvelopeWriter.write(SUBJECT, REPLY, Optional.of(from), DATA, 1);
        assertThat(AgentEnvelope.parse(json).from()).contains(from);
    }

    @Test
    void what_is_written_reads_back() {
        EnvelopeView view = EnvelopeView.parse(EnvelopeWriter.write(SUBJECT, REPLY, Optional.of("x"), DATA, 1));
        assertThat(view.subject()).isEqualTo(SUBJECT);
        assertThat(view.reply()).isEqualTo(REPLY);
        assertThat(view.data().map(RawJson::text)).contains("{ \"a\" : \"é\" }");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60, 70, 125, 126, 127, 65_000, 65_535, 65_536, 70_000})
    void a_frame_is_its_header_and_the_same_payload(int size) {
        Optional<RawJson> data = Optional.of(RawJson.of(("{\"a\":\"" + "x".repeat(size) + "\"}").getBytes(UTF_8)));
        byte[] payload = EnvelopeWriter.write(SUBJECT, REPLY, Optional.empty(), data, 1);
        assertThat(EnvelopeWriter.writeFrame(SUBJECT, REPLY, Optional.empty(), data, 1))
                .isEqualTo(WebSocketFrames.textFrame(payload));
    }
}
