package dev.fairlead.gateway.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a completion script. */
@Command(
        name = "completion",
        description = "Writes a script that completes commands and options: source <(fairlead completion bash)")
final class CompletionCommand implements Callable<Integer> {

    /** One script serves both: under zsh it loads zsh's own emulation of bash's completion. */
    enum Shell {
        BASH,
        ZSH
    }

    private final Console console;

    @Parameters(paramLabel = "bash|zsh", description = "The shell to complete in.")
    private Shell shell;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            // So that zsh also takes it as a file in a folder of its fpath.
            console.out().println("#compdef fairlead");
        }
        console.out().println(AutoComplete.bash("fairlead", FairleadCommand.commandLine(console)));
        return ExitStatus.OK.code();
    }
}
