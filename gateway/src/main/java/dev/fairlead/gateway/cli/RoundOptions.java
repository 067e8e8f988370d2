package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.BenchPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How often and how long to measure. */
class RoundOptions {
    @Option(names = "--rounds", converter = Count.class, description = "Rounds of each (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    @Option(
            names = "--seconds",
            converter = Count.class,
            description = "Length of a round (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-ups",
            converter = Count.class,
            paramLabel = "N",
            description = "Rounds of each that are not counted (default: ${DEFAULT-VALUE}).")
    private int warmUps = 3;

    @Option(
            names = "--against",
            paramLabel = "JAR",
            description = "Measures beside the gateway of another build instead of a bare server.")
    private Optional<Path> against = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    RoundOptions(int seconds) {
        this.seconds = seconds;
    }

    /**
     * The plan with these numbers of connections, one after the other.
     *
     * @throws ParameterException if the other build is no file
     */
    final BenchPlan plan(List<Integer> connections) {
        against.filter(jar -> !Files.isRegularFile(jar)).ifPresent(jar -> {
            throw new ParameterException(
                    command.commandLine(), "--against takes a jar of the gateway; there is no file " + jar);
        });
        return new BenchPlan(warmUps, rounds, Duration.ofSeconds(seconds), connections, against);
    }

    /**
     * What compares two faces of one gateway has no other build beside it.
     *
     * @throws ParameterException where one is given
     */
    final void requireOneBuild(String option) {
        if (against.isPresent()) {
            throw new ParameterException(
                    command.commandLine(), option + " measures one gateway; leave out --against " + against.get());
        }
    }
}
