package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FairleadCommandTest {

    @TempDir
    Path home;

    private TestConsole console;

    @BeforeEach
    void freshConsole() {
        console = new TestConsole(home);
    }

    @Test
    void help_is_data_and_succeeds() {
        assertThat(console.run("--help")).isZero();
        assertThat(console.out()).contains("serve", "doctor", "Exit codes:");
        assertThat(console.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serv",
                "token",
                "agents",
                "token create",
                "token create Bad_Name",
                "token create -x",
                "ws",
                "agents ls --output xml",
                "agents ls --gateway-url ftp://x",
                "agents ls --gateway-url http://u:p@x",
                "agents ls --token-file a --password-file b",
                "completion fish",
                "serve --demo --set upstream.kind=none",
                "serve --demo --token-life soon",
                "serve --token-life 60s",
                "serve --cluster",
                "serve --port eighty",
                "serve --set nothing",
                "serve --set http.prot=1",
                "serve --config /no/such.yaml",
                "simulate-upstream --fault nonsense",
                "simulate-upstream --fault hang:0",
                "simulate-upstream --token-life soon",
                "ws /x -H nonsense",
                "bench echo --connections 0",
                "bench chat --rounds 0",
                "bench messages --seconds 1000000",
                "bench quotes --agents -1",
                "bench logs --rates many",
                "bench search --mebibytes 0"
            })
    void misuse_exits_with_2_and_says_nothing_on_stdout(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(console.run(args)).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).startsWith("fairlead: ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_itself(List<String> command) {
        assertThat(console.run(
                        Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new)))
                .isZero();
        assertThat(console.out()).startsWith("Usage: fairlead " + String.join(" ", command));
    }

    @Test
    void a_misspelt_command_is_told_its_neighbour() {
        console.run("doktor");
        assertThat(console.err()).contains("fairlead doctor");
    }

    @Test
    void settings_of_all_sources_are_printed_with_secrets_masked() {
        console.with("FAIRLEAD_ADMIN_PASSWORD", "hunter2");
        assertThat(console.run("serve", "--print-config", "--port", "1234", "--set", "chat.queue=9"))
                .isZero();
        assertThat(console.out())
                .contains("  port: 1234  # --port", "  queue: 9  # --set", "  admin_password: \"********\"")
                .doesNotContain("hunter2");
    }

    @Test
    void an_unknown_output_in_the_environment_is_refused() {
        assertThat(console.with("FAIRLEAD_OUTPUT", "xml").run("doctor")).isEqualTo(2);
    }

    @Test
    void each_command_is_called_by_the_name_of_its_annotation() {
        assertThat(FairleadCommand.commandLine(Console.system()).getSubcommands())
                .allSatisfy((name, command) -> assertThat(command.getCommandSpec()
                                .userObject()
                                .getClass()
                                .getAnnotation(Command.class)
                                .name())
                        .isEqualTo(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completion_knows_the_commands(String shell) {
        assertThat(console.run("completion", shell)).isZero();
        assertThat(console.out()).contains("print-config", "revoke", "doctor");
    }

    @Test
    void no_command_takes_a_password_as_an_argument() {
        assertThat(leaves(FairleadCommand.commandLine(Console.system())))
                .flatExtracting(command -> command.getCommandSpec().options())
                .flatExtracting(option -> List.of(option.names()))
                .doesNotContain("--password", "--admin-password");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_made_alone_is_the_one_among_all(List<String> words) {
        CommandLine alone = named(FairleadCommand.commandLine(Console.system(), words.toArray(String[]::new)), words);
        assertThat(alone.getUsageMessage())
                .isEqualTo(named(FairleadCommand.commandLine(Console.system()), words)
                        .getUsageMessage());
    }

    @Test
    void of_commands_below_another_only_the_named_one_is_made() {
        CommandLine root = FairleadCommand.commandLine(Console.system(), "agents", "ls", "--help");
        assertThat(root.getSubcommands().get("agents").getSubcommands()).containsOnlyKeys("ls");
        CommandLine all = FairleadCommand.commandLine(Console.system(), "agents", "sl");
        assertThat(all.getSubcommands().get("agents").getSubcommands()).containsKeys("ls", "revoke");
    }

    private static CommandLine named(CommandLine root, List<String> words) {
        CommandLine command = root;
        for (String word : words) {
            command = command.getSubcommands().get(word);
        }
        return command;
    }

    static Stream<List<String>> commands() {
        return leaves(FairleadCommand.commandLine(Console.system())).stream()
                .map(command -> List.of(command.getCommandSpec()
                        .qualifiedName()
                        .replaceFirst("fairlead ?", "")
                        .split(" ")));
    }

    private static List<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? List.of(command)
                : command.getSubcommands().values().stream()
                        .flatMap(sub -> leaves(sub).stream())
                        .toList();
    }
}
