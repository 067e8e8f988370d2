package dev.fairlead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentDataTest {
    @Test
    void a_delivery_is_written_letter_by_letter() {
        var deliver = new AgentData.Deliver(
                "m1", 2, "a", "task", RawJson.ofText("{ \"x\" : [1.10] }"), Optional.empty(), 1767225600000L, true);
        assertThat(new String(FrameCodec.encode(deliver), UTF_8))
                .isEqualTo("{\"message_id\":\"m1\",\"attempt\":2,\"from\":\"a\",\"type\":\"task\","
                        + "\"payload\":{ \"x\" : [1.10] },\"correlation_id\":null,\"sent_at\":1767225600000,"
                        + "\"redelivered\":true}");
    }

    @Test
    void a_registration_reply_has_a_token_only_where_one_was_made() {
        var resumed = new AgentData.Registered("i", "a", Optional.empty(), 30_000, TokenState.VALID, 1, 3);
        assertThat(new String(FrameCodec.encode(resumed), UTF_8))
                .isEqualTo("{\"agent_id\":\"i\",\"name\":\"a\",\"heartbeat_interval_ms\":30000,"
                        + "\"token_state\":\"valid\",\"protocol\":1,\"epoch\":3}");
    }

    @Test
    void tokens_and_payloads_show_in_no_text() {
        assertThat(List.of(
                        new AgentData.Register(
                                "canary", Optional.of("canary"), Optional.empty(), Optional.empty(), Optional.empty()),
                        new AgentData.Registered("i", "a", Optional.of("canary"), 1, TokenState.VALID, 1, 1),
                        new AgentData.Send(
                                "b",
                                "t",
                                RawJson.ofText("\"canary\""),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        AgentEnvelope.of(AgentSubjects.REGISTER, Map.of("token", "canary"))))
                .asString()
                .doesNotContain("canary");
    }

    @Test
    void a_payload_may_be_any_value_even_null_but_must_be_there() {
        AgentData.Send send = RawJson.of("{\"to\":\"b\",\"type\":\"t\",\"payload\":null}".getBytes(UTF_8))
                .as(AgentData.Send.class);
        assertThat(send.payload()).isEqualTo(RawJson.ofText("null"));
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> RawJson.of("{\"to\":\"b\",\"type\":\"t\"}".getBytes(UTF_8))
                        .as(AgentData.Send.class))
                .withMessageContaining("'payload'");
    }

    @Test
    void an_envelope_reads_back_as_it_was_written() {
        AgentEnvelope envelope = new AgentEnvelope(
                new Subject("a.b"),
                Optional.of(new Subject("inbox.1")),
                FrameCodec.tree("{\"x\":1}"),
                OptionalLong.of(5),
                Optional.of("agent-1"));
        assertThat(new String(envelope.encode(), UTF_8))
                .isEqualTo("{\"subject\":\"a.b\",\"reply\":\"inbox.1\",\"from\":\"agent-1\",\"data\":{\"x\":1},"
                        + "\"timestamp\":5}");
        assertThat(AgentEnvelope.parse(envelope.encode())).isEqualTo(envelope);
    }

    @Test
    void data_that_is_absent_stays_absent() {
        AgentEnvelope bare = AgentEnvelope.parse("{\"subject\":\"a\"}".getBytes(UTF_8));
        assertThat(bare.data().isMissingNode()).isTrue();
        assertThat(new String(bare.encode(), UTF_8)).isEqualTo("{\"subject\":\"a\"}");
    }

    @Test
    void an_error_envelope_gives_its_error() {
        AgentEnvelope refused = AgentEnvelope.of(
                AgentSubjects.ERROR, ErrorBody.of(ErrorCode.NOT_REGISTERED, "Send agent.register first"));
        assertThat(refused.error()).hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_REGISTERED));
        assertThat(AgentEnvelope.of(AgentSubjects.ECHO, Map.of("error", "mine")).error())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "thinking,thinking",
        "chunk,chunk",
        "tool_call,tool_call",
        "tool_result,tool_result",
        "operator_status,operator_status"
    })
    void an_agents_chat_event_becomes_the_chats_frame(String type, String frame) {
        byte[] json = FrameCodec.encode(event(type).toFrame());
        assertThat(FrameCodec.tree(json).path("type").asText()).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(strings = {"done", "error", "session_start", ""})
    void an_agent_may_send_no_other_frame_into_a_chat(String type) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> event(type).toFrame())
                .matches(e -> e.code() == ErrorCode.BAD_REQUEST);
    }

    private static AgentData.ChatEvent event(String type) {
        return FrameCodec.fromTree(
                FrameCodec.toTree(Map.of("turn_id", "t", "type", type, "content", "x")), AgentData.ChatEvent.class);
    }
}
