package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.gateway.bench.LogBenchmark;
import dev.fairlead.gateway.bench.LogFigures;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench logs}: from the write of a line to the socket of who watches. */
@Command(
        name = "logs",
        description = "Measures the way of a log line from write to client, beside 'tail -F' on the same lines.")
final class BenchLogsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--seconds",
            converter = Count.class,
            description = "Length of each measurement (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(
            names = "--watchers",
            split = ",",
            converter = Count.class,
            paramLabel = "N",
            description = "Numbers of watchers.")
    private List<Integer> watchers = List.of(1, 10, 100);

    @Option(names = "--rates", split = ",", converter = Count.class, paramLabel = "N", description = "Lines a second.")
    private List<Integer> rates = List.of(1, 100, 1000, 5000);

    BenchLogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<LogFigures> all = new ArrayList<>();
        Duration length = Duration.ofSeconds(seconds);
        try (LogBenchmark benchmark = LogBenchmark.start(TimeSource.system())) {
            for (int rate : rates) {
                all.add(benchmark.tail(rate, length));
                for (int count : watchers) {
                    all.add(benchmark.watchers(count, rate, length));
                }
            }
        }
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        all.forEach(figures -> json.add(FrameCodec.toTree(figures)));
        output.write(json, () -> print(all));
        return ExitStatus.OK.code();
    }

    private void print(List<LogFigures> all) {
        TextTable table = new TextTable("SERVER", "WATCHERS", "LINES/S", "DELIVERED", "P50 MS", "P99 MS", "CPU %");
        for (LogFigures one : all) {
            table.row(
                    one.server(),
                    Integer.toString(one.watchers()),
                    Integer.toString(one.linesASecond()),
                    one.delivered() + " of " + one.written() * one.watchers(),
                    decimal(one.p50Ms()),
                    decimal(one.p99Ms()),
                    decimal(one.cpu() * 100));
        }
        table.print(console.out());
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
