package dev.fairlead.gateway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code man}: the manual. */
@Command(name = "man", description = "Writes the manual page of all commands: fairlead man | man -l -")
final class ManCommand implements Callable<Integer> {
    private final Console console;

    ManCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().print(ManPage.of(FairleadCommand.commandLine(console)));
        console.out().flush();
        return ExitStatus.OK.code();
    }
}
