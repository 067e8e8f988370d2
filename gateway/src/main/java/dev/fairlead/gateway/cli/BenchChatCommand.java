package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.ChatBenchmark;
import dev.fairlead.gateway.bench.ChatFigures;
import dev.fairlead.gateway.bench.CompletionFigures;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench chat}: what the gateway adds to a model's stream. */
@Command(
        name = "chat",
        description = {
            "Measures how long a piece of an answer takes from a language model to the client of a chat, beside the same"
                    + " stream through a bare Vert.x proxy.",
            "The model is one of its own, which speaks at an even rate."
        })
final class BenchChatCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private OutputOption output;

    @Mixin
    private RoundOptions rounds = new RoundOptions(4);

    @Option(
            names = "--sessions",
            split = ",",
            converter = Count.class,
            paramLabel = "N",
            description = "Chats at the same time (200).")
    private List<Integer> sessions = List.of(200);

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Pieces a second in each chat, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int rate = 50;

    @Option(
            names = "--completions",
            description = "Measures streams of /v1/chat/completions beside as many chats of the same gateway.")
    private boolean completions;

    BenchChatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (rate < 1 || rate > 1000) {
            throw new ParameterException(command.commandLine(), "--rate takes 1 to 1000");
        }
        if (completions) {
            return completions();
        }
        Findings findings = new Findings(ChatFigures.headings());
        new ChatBenchmark(rounds.plan(sessions), rate).run(found -> {
            findings.add(found.json(), found.cells());
            console.err().println("measured: " + found.sessions() + " sessions");
        });
        return findings.tell(output, console);
    }

    private int completions() {
        rounds.requireOneBuild("--completions");
        Findings findings = new Findings(CompletionFigures.headings());
        new ChatBenchmark(rounds.plan(sessions), rate).completions(found -> {
            findings.add(found.json(), found.cells());
            console.err().println("measured: " + found.streams() + " streams");
        });
        return findings.tell(output, console);
    }
}
