package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ManPageTest {
    /** Macros of the page, and lines of text: a line that begins with a dot by chance is taken for a macro and lost. */
    private static final Pattern LINE = Pattern.compile("\\.(TH|SH|SS|TP|PP)( \".*\")*|[^.'].*");

    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(fB|fR|e|-|&|\\(aq|\\(dq|\\(ga|\\(ha|\\(ti|\\[u[0-9A-F]{4,6}])");

    @TempDir
    Path home;

    @Test
    void it_has_every_command_and_option_that_help_shows() {
        String page = ManPage.of(FairleadCommand.commandLine(new TestConsole(home).console()));
        has(page, FairleadCommand.commandLine(new TestConsole(home).console()));
        assertThat(page).contains(".SS \"fairlead serve\"", ".SS \"fairlead instances create\"", ".SH \"EXIT STATUS\"");
    }

    private static void has(String page, CommandLine parent) {
        for (CommandLine command : parent.getSubcommands().values()) {
            if (command.getCommandSpec().usageMessage().hidden()) {
                continue;
            }
            String name = ".SS \"" + command.getCommandSpec().qualifiedName().replace("-", "\\-") + "\"\n";
            assertThat(page).contains(name);
            String part = page.substring(page.indexOf(name) + 1).split("\n\\.S[SH]", 2)[0];
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
                    assertThat(part).contains(option.longestName().replace("-", "\\-"));
                }
            }
            has(page, command);
        }
    }

    @Test
    void no_line_and_no_character_is_taken_for_the_formatters_own() {
        TestConsole console = new TestConsole(home);
        assertThat(console.run("man")).isZero();
        List<String> lines = console.out().lines().toList();
        assertThat(lines).allMatch(line -> LINE.matcher(line).matches());
        assertThat(lines).allMatch(line -> !ESCAPE.matcher(line).replaceAll("").contains("\\"));
        assertThat(lines).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127));
        assertThat(console.out()).doesNotContain("${", "@|");
    }
}
