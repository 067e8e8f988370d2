package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.demo.agent.Coder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code demo-coder}: an agent that speaks ACP, which {@code serve --demo} has as an instance. */
@Command(name = "demo-coder", hidden = true, description = "Speaks ACP over stdin and stdout: 'serve --demo' runs it.")
final class DemoCoderCommand implements Callable<Integer> {

    private final Console console;

    DemoCoderCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        new Coder(Path.of("").toAbsolutePath(), console.in(), console.out()).untilEnded();
        return ExitStatus.OK.code();
    }
}
