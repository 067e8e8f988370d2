package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.SearchBenchmark;
import dev.fairlead.gateway.bench.SearchFigures;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench search}: a text in all logs. */
@Command(
        name = "search",
        description = {
            "Measures a search over all logs, beside 'grep -c' on the same files: with the files in memory and, as"
                    + " far as the file system lets them go, without.",
            "Needs that much space in the folder for temporary files."
        })
final class BenchSearchCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--mebibytes",
            converter = Count.class,
            paramLabel = "N",
            description = "Size of all logs together (default: ${DEFAULT-VALUE}).")
    private int mebibytes = 1024;

    @Option(names = "--rounds", converter = Count.class, description = "Rounds of each (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    BenchSearchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Findings findings = new Findings(SearchFigures.headings());
        try (SearchBenchmark benchmark = SearchBenchmark.start(TimeSource.system(), mebibytes)) {
            for (boolean caseSensitive : new boolean[] {true, false}) {
                for (boolean cold : new boolean[] {true, false}) {
                    SearchFigures found = benchmark.measure(rounds, cold, caseSensitive);
                    findings.add(found.json(), found.cells());
                }
            }
        }
        return findings.tell(output, console);
    }
}
