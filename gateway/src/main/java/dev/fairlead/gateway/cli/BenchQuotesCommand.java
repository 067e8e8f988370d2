package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.QuoteBenchmark;
import dev.fairlead.gateway.bench.QuoteFigures;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench quotes}: from the feed to who asks and who is told. */
@Command(
        name = "quotes",
        description = {
            "Measures quotes: events of the feed decoded a second, quotes given from the cache a second, and quotes told"
                    + " to subscribed agents a second, with their age on arrival.",
            "The upstream is simulated in the process of the load."
        })
final class BenchQuotesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--seconds",
            converter = Count.class,
            description = "Length of each measurement (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(
            names = "--agents",
            converter = Count.class,
            paramLabel = "N",
            description = "Subscribed agents (default: ${DEFAULT-VALUE}).")
    private int agents = 1000;

    @Option(
            names = "--symbols",
            converter = Count.class,
            paramLabel = "N",
            description = "Symbols they want (default: ${DEFAULT-VALUE}).")
    private int symbols = 10;

    @Option(
            names = "--period",
            converter = Count.class,
            paramLabel = "MS",
            description = "How often each quote moves, in milliseconds (default: ${DEFAULT-VALUE}).")
    private int period = 100;

    BenchQuotesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Findings findings = new Findings(List.of("WORK", "CONNECTIONS", "PER S", "P50 MS", "P99 MS", "SERVER CPU %"));
        new QuoteBenchmark(Duration.ofSeconds(seconds), agents, symbols, Duration.ofMillis(period)).run(found -> {
            findings.add(FrameCodec.toTree(found), row(found));
            console.err().println("measured: " + found.work());
        });
        return findings.tell(output, console);
    }

    private static List<String> row(QuoteFigures found) {
        return List.of(
                found.work(),
                Integer.toString(found.connections()),
                String.format(Locale.ROOT, "%.0f", found.perSecond()),
                decimal(found.p50Ms()),
                decimal(found.p99Ms()),
                decimal(found.cpu() * 100));
    }

    private static String decimal(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }
}
