package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.BenchPlan;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** How often and how long to measure. */
class RoundOptions {
    @Option(names = "--rounds", converter = Count.class, description = "Rounds of each (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    @Option(
            names = "--seconds",
            converter = Count.class,
            description = "Length of a round (default: ${DEFAULT-VALUE}).")
    private int seconds;

    RoundOptions(int seconds) {
        this.seconds = seconds;
    }

    /** The plan with these numbers of connections, one after the other. */
    final BenchPlan plan(List<Integer> connections) {
        return new BenchPlan(rounds, Duration.ofSeconds(seconds), connections);
    }
}
