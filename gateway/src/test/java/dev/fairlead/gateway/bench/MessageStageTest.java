package dev.fairlead.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageStageTest {
    private static final String GATEWAY = "dev.fairlead.gateway.";

    static List<MessageStage.Mark> marks() {
        return MessageStage.MARKS;
    }

    @ParameterizedTest
    @MethodSource("marks")
    void a_mark_is_a_method_that_is_there(MessageStage.Mark mark) throws ClassNotFoundException {
        Class<?> type = Class.forName(mark.type(), false, getClass().getClassLoader());
        assertThat(type.getDeclaredMethods()).anyMatch(method -> mark.isNamed(method.getName()));
    }

    @Test
    void the_innermost_mark_decides() {
        assertThat(MessageStage.of(
                        frame(GATEWAY + "messages.MessageShard", "send"),
                        frame(GATEWAY + "messages.MessageBusVerticle", "send"),
                        frame(GATEWAY + "bus.Bus", "lambda$consume$4"),
                        frame("io.vertx.core.eventbus.impl.HandlerRegistration", "dispatch")))
                .contains(MessageStage.DECIDE);
        assertThat(MessageStage.of(
                        frame("io.vertx.core.eventbus.impl.MessageImpl", "reply"),
                        frame(GATEWAY + "messages.Commits", "lambda$commit$5")))
                .contains(MessageStage.BUS);
        assertThat(MessageStage.of(frame(GATEWAY + "messages.Commits", "lambda$commit$5")))
                .contains(MessageStage.RELEASE);
        assertThat(MessageStage.of(frame(GATEWAY + "messages.Commits", "commit")))
                .contains(MessageStage.DECIDE);
    }

    @Test
    void a_loop_that_waits_does_nothing_and_one_at_anything_else_is_a_loop() {
        assertThat(MessageStage.of(
                        frame("sun.nio.ch.EPoll", "wait"), frame("io.netty.channel.nio.NioIoHandler", "run")))
                .isEmpty();
        assertThat(MessageStage.of(frame("io.netty.channel.nio.NioIoHandler", "run")))
                .contains(MessageStage.LOOP);
    }

    @Test
    void the_stages_come_to_what_the_process_used() {
        StageTimes times = StageTimes.of(
                List.of(
                        new StageTimes.ThreadTime(
                                9_000_000,
                                Map.of(MessageStage.DECIDE, 1, MessageStage.FRAME_OUT, 2),
                                MessageStage.LOOP),
                        new StageTimes.ThreadTime(500_000, Map.of(), MessageStage.LOOP),
                        new StageTimes.ThreadTime(4_000_000, Map.of(), MessageStage.COMMIT)),
                20_000_000);
        assertThat(times.nanos(MessageStage.DECIDE)).isEqualTo(3e6, within(1.0));
        assertThat(times.nanos(MessageStage.FRAME_OUT)).isEqualTo(6e6, within(1.0));
        assertThat(times.nanos(MessageStage.OTHER)).isEqualTo(6.5e6, within(1.0));
        assertThat(times.total()).isEqualTo(20e6, within(1.0));
        assertThat(StageTimes.parse(times.line()).total()).isEqualTo(20e6, within(1.0));
    }

    @Test
    void the_sums_of_the_table_are_those_of_its_stages() {
        StageTimes times = StageTimes.of(
                Arrays.stream(MessageStage.values())
                        .map(stage -> new StageTimes.ThreadTime(stage.wire().length() * 1_000_000L, Map.of(), stage))
                        .toList(),
                1_000_000_000);
        Sample round = new Sample(1_000, 2_000_000_000L, Sample.histogram());
        JsonNode row = new StageFigures("h2", 64, List.of(round), 10, times).json();
        double commit = row.get("stages").get("commit").doubleValue();
        double other = row.get("stages").get("other").doubleValue();
        assertThat(sum(row.get("stages")))
                .isEqualTo(row.get("cpu_us").doubleValue(), within(1e-6))
                .isEqualTo(1_000.0, within(1e-6));
        assertThat(row.get("outside_store_us").doubleValue()).isEqualTo(1_000 - commit - other, within(1e-6));
    }

    private static double sum(JsonNode stages) {
        return StreamSupport.stream(stages.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .sum();
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "X.java", 1);
    }
}
