package dev.fairlead.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load generator works against the jar; what it finds is no matter of a test. */
@Tag("slow")
class BenchIT {
    private static final String JAR = Path.of("target", "fairlead.jar").toString();

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"echo", "fanout", "routed"})
    void both_servers_do_the_work(String work) throws IOException, InterruptedException {
        JsonNode rows = shortly(work, "--connections", "4");
        assertThat(rows).isNotEmpty();
        for (JsonNode row : rows) {
            assertThat(row.get("gateway").get("per_second").doubleValue()).isPositive();
            assertThat(row.get("bare").get("per_second").doubleValue()).isPositive();
        }
    }

    @Test
    void another_build_does_the_same_work_beside_this_one() throws IOException, InterruptedException {
        for (String work : List.of("requests", "openings")) {
            for (JsonNode row : shortly(work, "--against", JAR)) {
                assertThat(row.get("gateway").get("per_second").doubleValue()).isPositive();
                assertThat(row.get("against").get("per_second").doubleValue()).isPositive();
            }
        }
    }

    @Test
    void a_jar_that_is_not_there_is_named() throws IOException, InterruptedException {
        Process process = process("echo", "--against", "no-such.jar").start();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("--against takes a jar of the gateway; there is no file no-such.jar");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Tag("long")
    @Test
    void all_agents_come_back_after_a_crash() throws IOException, InterruptedException {
        JsonNode row = shortly("connections", "--connections", "4").get(0);
        assertThat(row.get("agents").intValue()).isEqualTo(4);
        assertThat(row.get("all_back_ms").longValue()).isPositive();
    }

    @Test
    void messages_are_measured_beside_single_commits() throws IOException, InterruptedException {
        JsonNode rows = shortly("messages", "--senders", "4");
        assertThat(rows).hasSize(2);
        for (JsonNode row : rows) {
            assertThat(row.get("gateway").get("per_second").doubleValue()).isPositive();
            assertThat(row.get("single_commits").get("per_second").doubleValue())
                    .isPositive();
        }
    }

    @Tag("long")
    @Test
    void what_a_message_costs_is_told_by_stage() throws IOException, InterruptedException {
        JsonNode rows = shortly("messages", "--stages", "--senders", "4");
        assertThat(rows).hasSize(1);
        JsonNode row = rows.get(0);
        double sum = 0;
        for (JsonNode stage : row.get("stages")) {
            sum += stage.doubleValue();
        }
        assertThat(sum).isEqualTo(row.get("cpu_us").doubleValue(), within(1e-6));
        assertThat(row.get("stages").get("commit").doubleValue()).isPositive();
        assertThat(row.get("outside_store_us").doubleValue()).isPositive();
        assertThat(row.get("commits").longValue()).isPositive();
    }

    @Tag("long")
    @Test
    void lines_reach_who_watches_and_tail() throws IOException, InterruptedException {
        JsonNode rows = run("logs", "--seconds", "1", "--watchers", "1", "--rates", "100");
        assertThat(rows).hasSize(2);
        for (JsonNode row : rows) {
            assertThat(row.get("delivered").longValue()).isPositive();
        }
    }

    @Tag("long")
    @Test
    void quotes_are_decoded_given_and_told() throws IOException, InterruptedException {
        JsonNode rows = run("quotes", "--seconds", "1", "--agents", "4", "--symbols", "2");
        assertThat(rows).hasSize(3);
        for (JsonNode row : rows) {
            assertThat(row.get("per_second").doubleValue()).isPositive();
        }
    }

    @Test
    void pieces_of_an_answer_reach_the_client() throws IOException, InterruptedException {
        JsonNode row = shortly("chat", "--sessions", "4").get(0);
        assertThat(row.get("gateway").get("per_second").doubleValue()).isPositive();
        assertThat(row.get("bare").get("per_second").doubleValue()).isPositive();
    }

    @Test
    void pieces_of_a_completion_are_measured_beside_those_of_a_chat() throws IOException, InterruptedException {
        JsonNode row = shortly("chat", "--completions", "--sessions", "4").get(0);
        for (String way : List.of("completions", "chat", "bare")) {
            assertThat(row.get(way).get("per_second").doubleValue()).as(way).isPositive();
        }
        assertThat(row.has("added_p50_ratio")).isTrue();
    }

    @Test
    void lists_of_tools_are_measured_beside_lists_of_agents() throws IOException, InterruptedException {
        JsonNode row = shortly("requests", "--tools", "--connections", "4").get(0);
        assertThat(row.get("gateway").get("per_second").doubleValue()).isPositive();
        assertThat(row.get("agents").get("per_second").doubleValue()).isPositive();
    }

    @Test
    void two_faces_of_one_gateway_are_not_measured_beside_another_build() throws IOException, InterruptedException {
        Process process = process("requests", "--tools", "--against", JAR).start();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("--tools measures one gateway; leave out --against");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    /** One round of a second each, and one before that is not counted: figures are not what is asked for. */
    private static JsonNode shortly(String work, String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--warm-ups", "1", "--rounds", "1", "--seconds", "1"));
        all.addAll(List.of(options));
        return run(work, all.toArray(String[]::new));
    }

    private static JsonNode run(String work, String... options) throws IOException, InterruptedException {
        Process process = process(work, options)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return FrameCodec.tree(out);
    }

    private static ProcessBuilder process(String work, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR,
                "bench",
                work));
        command.addAll(List.of(options));
        command.addAll(List.of("--output", "json"));
        return new ProcessBuilder(command);
    }
}
