package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PreparedTextsTest {
    @TempDir
    static Path folder;

    @TempDir
    Path home;

    @BeforeAll
    static void write() throws IOException {
        new PreparedTextsWriter(folder).write();
    }

    @Test
    void every_command_is_explained_as_it_explains_itself() {
        Map<String, CommandLine> commands = new TreeMap<>();
        collect(FairleadCommand.commandLine(new TestConsole(home).console()), "", commands);
        assertThat(commands).hasSizeGreaterThan(60).allSatisfy((words, command) -> {
            assertThat(answer((words + " --help").strip())).contains(command.getUsageMessage());
            assertThat(answer((words + " -h").strip())).contains(command.getUsageMessage());
        });
    }

    private static void collect(CommandLine command, String words, Map<String, CommandLine> found) {
        found.put(words, command);
        command.getSubcommands().forEach((name, below) -> collect(below, (words + " " + name).strip(), found));
    }

    @Test
    void what_a_command_would_write_is_there_to_the_letter() {
        for (String words : List.of("man", "completion bash", "completion zsh", "--version", "-V")) {
            TestConsole console = new TestConsole(home);
            FairleadCommand.commandLine(console.console()).execute(words.split(" "));
            assertThat(console.out()).isNotEmpty();
            assertThat(answer(words)).as(words).contains(console.out());
        }
    }

    @Test
    void what_is_no_question_of_that_kind_is_left_to_the_commands() {
        for (String words : List.of(
                "",
                "agents",
                "agents ls",
                "agent --help me",
                "--help agents",
                "agents ../agents --help",
                "completion",
                "completion fish",
                "man all",
                "agents --version",
                "no-such --help")) {
            assertThat(answer(words)).as(words).isEmpty();
        }
    }

    @Test
    void for_a_command_that_does_something_no_text_is_looked_for() {
        PreparedTexts texts = new PreparedTexts(path -> {
            throw new AssertionError("looked for " + path);
        });
        for (String words : List.of("agents ls", "doctor", "completion fish", "man all")) {
            assertThat(texts.answer(List.of(words.split(" ")))).as(words).isEmpty();
        }
    }

    @Test
    void a_build_without_them_answers_all_the_same() {
        assertThat(new PreparedTexts(path -> Optional.empty()).answer(List.of("agents", "--help")))
                .isEmpty();
        TestConsole console = new TestConsole(home);
        assertThat(console.run("agents", "--help")).isZero();
        assertThat(console.out()).startsWith("Usage: fairlead agents");
    }

    private static Optional<String> answer(String words) {
        return new PreparedTexts(path -> Stream.of(folder.resolve(path))
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .map(PreparedTextsTest::bytes)
                        .map(ByteArrayInputStream::new))
                .answer(words.isEmpty() ? List.of() : List.of(words.split(" ")));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
