package dev.fairlead.gateway.chat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void one_of_the_fleet_is_told_in_words_without_the_colours_of_its_log() {
        String told = Words.about(
                "scout",
                Optional.of(FrameCodec.tree("{\"name\":\"scout\",\"status\":\"running\",\"port\":18803}")),
                Optional.of(FrameCodec.tree("{\"name\":\"scout\",\"status\":\"online\"}")),
                Optional.of(
                        FrameCodec.tree("{\"lines\":[\"\\u001B[2m16:18\\u001B[0m \\u001B[32mINFO\\u001B[0m up\"]}")));

        assertThat(told).contains("As an agent it is online.").contains("    16:18 INFO up");
    }

    @Test
    void which_instances_failed_is_told_with_why() {
        assertThat(Words.failed(
                        FrameCodec.tree("{\"instances\":[{\"name\":\"a\",\"status\":\"failed\",\"reason\":\"exit 3\"},"
                                + "{\"name\":\"b\",\"status\":\"running\"}]}")))
                .isEqualTo("1 of 2 instances is red:\n- a: failed (exit 3)");
        assertThat(Words.failed(FrameCodec.tree("{\"instances\":[{\"name\":\"b\",\"status\":\"running\"}]}")))
                .isEqualTo("None of 1 instance has failed.");
    }

    @Test
    void what_happened_is_told_without_the_turns_of_chats() {
        assertThat(EventWords.happened(
                        10,
                        FrameCodec.tree("{\"whole\":true,\"events\":["
                                + "{\"type\":\"instance_event\",\"name\":\"printer\",\"event\":\"status_changed\",\"status\":\"failed\","
                                + "\"timestamp\":\"2026-11-29T11:22:33.000Z\"},{\"type\":\"agent_start\"},"
                                + "{\"type\":\"channel_event\",\"channel\":\"agents\",\"name\":\"scout\",\"event\":\"agent_offline\","
                                + "\"detail\":\"silent\",\"timestamp\":\"2026-11-29T11:23:00.000Z\"}]}")))
                .isEqualTo(
                        "What happened in the last 10 minutes:\n- 11:22:33 instance printer: status changed, failed\n"
                                + "- 11:23:00 scout: agent offline (silent)");
        assertThat(EventWords.happened(1, FrameCodec.tree("{\"events\":[]}")))
                .isEqualTo("Nothing happened in the last 1 minute.");
    }

    @Test
    void of_more_than_can_be_read_the_latest_is_told_and_that_it_was_cut() {
        String many = IntStream.range(0, 300)
                .mapToObj(i -> "{\"type\":\"channel_event\",\"name\":\"n" + i + "\",\"event\":\"agent_offline\"}")
                .collect(Collectors.joining(","));
        String told = EventWords.happened(10, FrameCodec.tree("{\"whole\":true,\"events\":[" + many + "]}"));
        assertThat(told)
                .startsWith("What happened in the last 10 minutes, the latest 200 of 300:\n- n100:")
                .endsWith("- n299: agent offline");
        assertThat(EventWords.happened(10, FrameCodec.tree("{\"whole\":false,\"events\":[" + many + "]}")))
                .contains("the latest 200; the page Events has what was before");
    }

    @Test
    void an_approval_is_told_by_what_it_is_about() {
        assertThat(EventWords.happened(
                        5,
                        FrameCodec.tree(
                                "{\"events\":[{\"type\":\"approval_event\",\"kind\":\"order\",\"subject\":\"buy 5 MSFT\","
                                        + "\"status\":\"waiting\",\"timestamp\":\"2026-11-29T11:22:33.000Z\"}]}")))
                .endsWith("\n- 11:22:33 order approval of buy 5 MSFT: waiting");
    }

    @Test
    void what_ended_by_itself_with_an_error_has_failed_and_what_was_stopped_has_not() {
        assertThat(Words.failed(FrameCodec.tree("{\"instances\":["
                        + "{\"name\":\"job\",\"status\":\"stopped\",\"exit_code\":3,\"reason\":\"It exited with code 3\"},"
                        + "{\"name\":\"off\",\"status\":\"stopped\",\"exit_code\":143}]}")))
                .startsWith("1 of 2 instances is red:\n- job: stopped");
    }

    @Test
    void an_overview_says_first_what_needs_somebody() {
        String told = new OverviewWords(
                        FrameCodec.tree(
                                "{\"instances\":[{\"name\":\"a\",\"status\":\"failed\"},{\"name\":\"b\",\"status\":\"running\"}]}"),
                        FrameCodec.tree("{\"agents\":[{\"name\":\"b\",\"status\":\"online\"}]}"),
                        FrameCodec.tree("{\"state\":\"valid\"}"),
                        FrameCodec.tree("{\"messages\":[{},{}]}"),
                        FrameCodec.tree("{\"orders\":[{}]}"))
                .say();

        assertThat(told)
                .startsWith("1 instance needs attention. 1 of 2 instances runs, 1 of 1 agent is online.")
                .contains("- a: failed")
                .contains("- 1 order waits to be confirmed")
                .contains("- 2 dead letters wait");
    }
}
