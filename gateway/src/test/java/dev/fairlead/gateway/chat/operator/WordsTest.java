package dev.fairlead.gateway.chat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;
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
