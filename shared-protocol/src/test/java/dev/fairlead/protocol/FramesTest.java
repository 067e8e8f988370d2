package dev.fairlead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame, letter by letter: what is read and written again is the same. */
class FramesTest {
    private static final String T = "\"timestamp\":\"2026-02-20T01:23:45.000Z\"";
    private static final String AGENT = "\"name\":\"agent-1\",\"agent_id\":\"a1\",\"status\":\"online\","
            + "\"last_seen\":\"2026-02-20T01:23:45.006Z\",\"connected_at\":null,\"version\":\"1.2\",\"capabilities\":[\"x\"]";
    private static final String INSTANCE = "\"name\":\"agent-1\",\"status\":\"running\",\"port\":18801,\"pid\":12345,"
            + "\"archived_at\":null,\"restarts\":0,\"created_at\":\"2026-02-20T01:23:45.000Z\"";
    private static final String MESSAGE = "\"message_id\":\"m1\",\"event\":\"retry_scheduled\",\"from\":\"agent-1\","
            + "\"to\":\"agent-2\",\"message_type\":\"task.handoff\",\"correlation_id\":\"c\",\"detail\":null," + T;
    private static final String TOKEN = "\"state\":\"expiring_soon\",\"kind\":\"simulator\","
            + "\"fetched_at\":\"2026-02-20T01:23:45.000Z\",\"age_seconds\":541,\"warn_at\":null,\"refresh_at\":null,"
            + "\"expires_at\":null,\"last_used_at\":null,\"reason\":\"why\"";
    private static final String QUOTE = "\"symbol\":\"SPX\",\"bid\":1.50,\"ask\":1.60,\"mid\":1.55,\"bid_size\":1,"
            + "\"ask_size\":null,\"source\":\"dxlink\",\"received_at\":\"2026-02-20T01:23:45.000Z\",\"age_ms\":12";

    static Stream<Arguments> frames() {
        return Stream.of(
                family(
                        AgentsFrame.class,
                        "{\"type\":\"snapshot\",\"agents\":[{" + AGENT + "}]}",
                        "{\"type\":\"agent_registered\"," + AGENT + "," + T + "}",
                        "{\"type\":\"agent_status_changed\",\"name\":\"agent-1\",\"status\":\"stale\","
                                + "\"last_seen\":null,\"connected_at\":null," + T + "}",
                        "{\"type\":\"agent_removed\",\"name\":\"agent-1\"," + T + "}"),
                family(
                        InstancesFrame.class,
                        "{\"type\":\"snapshot\",\"instances\":[{" + INSTANCE + "},{" + INSTANCE
                                + ",\"labels\":{\"team\":\"a\"}}],\"include_archived\":false}",
                        "{\"type\":\"status_changed\"," + INSTANCE + "," + T + "}",
                        "{\"type\":\"instance_created\"," + INSTANCE + "," + T + "}",
                        "{\"type\":\"instance_archived\",\"name\":\"agent-1\"," + T + "}",
                        "{\"type\":\"instance_unarchived\"," + INSTANCE + "," + T + "}",
                        "{\"type\":\"instance_deleted\",\"name\":\"agent-1\"," + T + "}"),
                family(
                        LogsFrame.class,
                        "{\"type\":\"backlog\",\"lines\":[],\"times\":[],\"count\":0,\"cursor\":\"c\"}",
                        "{\"type\":\"lines\",\"lines\":[\"a\",\"b\"],\"times\":[\"2026-02-20T01:23:45.000Z\",null],\"count\":2,\"cursor\":\"c\"}",
                        "{\"type\":\"rotated\"}",
                        "{\"type\":\"skipped\",\"bytes\":4096}",
                        "{\"type\":\"ended\",\"reason\":\"archived\"}"),
                family(
                        MessagesFrame.class,
                        "{\"type\":\"snapshot\",\"recent_events\":[{" + MESSAGE + "}]}",
                        "{\"type\":\"message_event\"," + MESSAGE + "}"),
                family(
                        TokenFrame.class,
                        "{\"type\":\"snapshot\"," + TOKEN + "}",
                        "{\"type\":\"token_state\"," + TOKEN + "}"),
                family(
                        QuotesFrame.class,
                        "{\"type\":\"snapshot\",\"quotes\":[{" + QUOTE + "}]}",
                        "{\"type\":\"snapshot\",\"quotes\":[],\"unknown\":{\"NOPE\":\"why\"}}",
                        "{\"type\":\"symbol_error\",\"symbol\":\"NOPE\",\"code\":\"quote_unavailable\",\"message\":\"why\"}",
                        "{\"type\":\"quote\"," + QUOTE + "}"),
                family(
                        EventsFrame.class,
                        "{\"type\":\"snapshot\",\"recent_events\":[{\"type\":\"token_event\",\"state\":\"valid\"," + T
                                + "}]}",
                        "{\"type\":\"agent_start\",\"session_id\":\"s\",\"turn_id\":\"t\",\"provider\":\"p\"," + T
                                + "}",
                        "{\"type\":\"agent_end\",\"session_id\":\"s\",\"turn_id\":\"t\",\"provider\":\"p\","
                                + "\"model\":\"m\",\"reason\":\"done\"," + T + "}",
                        "{\"type\":\"error\",\"component\":\"ws_chat\",\"code\":\"AGENT_ERROR\",\"message\":\"x\"," + T
                                + "}",
                        "{\"type\":\"channel_event\",\"channel\":\"agent\",\"name\":\"a\",\"event\":\"connected\"," + T
                                + "}",
                        "{\"type\":\"token_event\",\"state\":\"valid\"," + T + "}",
                        "{\"type\":\"order_event\",\"order_id\":\"o\",\"agent\":\"a\",\"symbol\":\"SPX\","
                                + "\"status\":\"submitted\",\"mode\":\"live\"," + T + "}",
                        "{\"type\":\"instance_event\",\"name\":\"a\",\"event\":\"status_changed\",\"status\":\"failed\","
                                + T + "}",
                        "{\"type\":\"approval_event\",\"id\":\"o\",\"kind\":\"order\",\"subject\":\"buy 2 SPX\","
                                + "\"status\":\"waiting\"," + T + "}"),
                family(
                        StreamControl.FromClient.class,
                        "{\"type\":\"ping\"}",
                        "{\"type\":\"set_include_archived\",\"value\":true}",
                        "{\"type\":\"subscribe\",\"symbols\":[\"SPX\"]}",
                        "{\"type\":\"unsubscribe\",\"symbols\":[\"SPX\"]}"),
                family(
                        StreamControl.FromServer.class,
                        "{\"type\":\"pong\"}",
                        "{\"type\":\"error\",\"code\":\"instance_not_found\",\"message\":\"x\",\"retryable\":false}",
                        "{\"type\":\"resumed\",\"epoch\":\"e\",\"seq\":7}"),
                family(
                        ChatFrame.class,
                        "{\"type\":\"session_start\",\"session_id\":\"s\",\"name\":\"n\",\"resumed\":true,"
                                + "\"message_count\":42}",
                        "{\"type\":\"session_start\",\"session_id\":\"s\",\"resumed\":false,\"message_count\":0}",
                        "{\"type\":\"connected\",\"message\":\"Connection established\"}",
                        "{\"type\":\"thinking\",\"content\":\"…\"}",
                        "{\"type\":\"chunk\",\"content\":\"Hi! \"}",
                        "{\"type\":\"tool_call\",\"id\":\"1\",\"name\":\"list_instances\",\"args\":{}}",
                        "{\"type\":\"tool_call\",\"id\":\"1\",\"name\":\"x\",\"args\":{\"a\":1.10},"
                                + "\"approval\":\"required\"}",
                        "{\"type\":\"tool_result\",\"id\":\"1\",\"name\":\"x\",\"output\":\"…\"}",
                        "{\"type\":\"operator_status\",\"phase\":\"p\",\"detail\":\"d\"}",
                        "{\"type\":\"agent_event\",\"event\":{}}",
                        "{\"type\":\"chunk_reset\"}",
                        "{\"type\":\"done\",\"full_response\":\"x\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}",
                        "{\"type\":\"done\",\"full_response\":\"x\"}",
                        "{\"type\":\"aborted\",\"partial_response\":\"x\"}",
                        "{\"type\":\"error\",\"code\":\"SESSION_BUSY\",\"message\":\"x\"}",
                        "{\"type\":\"pong\"}"),
                family(
                        ChatCommand.class,
                        "{\"type\":\"connect\",\"session_id\":\"s\",\"device_name\":\"d\",\"capabilities\":[]}",
                        "{\"type\":\"connect\"}",
                        "{\"type\":\"message\",\"content\":\"x\",\"page_context\":\"instances\",\"idempotency_key\":\"k\"}",
                        "{\"type\":\"message\",\"content\":\"x\"}",
                        "{\"type\":\"abort\"}",
                        "{\"type\":\"approve\",\"id\":\"1\"}",
                        "{\"type\":\"deny\",\"id\":\"1\"}",
                        "{\"type\":\"ping\"}"));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void a_frame_reads_and_writes_letter_by_letter(Class<?> family, List<String> examples) {
        List<String> written = new ArrayList<>();
        for (String json : examples) {
            written.add(new String(FrameCodec.encode(FrameCodec.decode(json.getBytes(UTF_8), family)), UTF_8));
        }
        assertThat(written).isEqualTo(examples);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void every_frame_of_a_family_is_shown_here_and_can_be_read(Class<?> family, List<String> examples) {
        Set<String> names = Stream.of(family.getPermittedSubclasses())
                .map(type -> type.getAnnotation(JsonTypeName.class).value())
                .collect(Collectors.toSet());
        Set<String> shown = examples.stream()
                .map(json -> FrameCodec.tree(json).path("type").asText())
                .collect(Collectors.toSet());
        assertThat(shown).isEqualTo(names);
    }

    @Test
    void a_frames_place_in_its_stream_comes_last() {
        byte[] json = FrameCodec.encode(new LogsFrame.Rotated(), new StreamPosition("e1", 7));
        assertThat(new String(json, UTF_8)).isEqualTo("{\"type\":\"rotated\",\"epoch\":\"e1\",\"seq\":7}");
    }

    @Test
    void a_snapshot_in_place_of_what_was_missed_says_so() {
        byte[] json = FrameCodec.encodeResync(new AgentsFrame.Snapshot(List.of()), new StreamPosition("e1", 7));
        assertThat(new String(json, UTF_8))
                .isEqualTo("{\"type\":\"snapshot\",\"agents\":[],\"resync\":true,\"epoch\":\"e1\",\"seq\":7}");
    }

    private static Arguments family(Class<?> family, String... examples) {
        return Arguments.of(family, List.of(examples));
    }
}
