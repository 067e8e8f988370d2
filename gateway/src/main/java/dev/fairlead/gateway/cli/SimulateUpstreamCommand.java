package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.simulator.Faults;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import dev.fairlead.gateway.upstream.simulator.UpstreamSimulator;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate-upstream}: both providers on one port of this machine. */
@Command(
        name = "simulate-upstream",
        description = {
            "Simulates tastytrade (OAuth, REST, DXLink) and Kraken (token, socket v2) on this machine.",
            "A gateway uses it with upstream.kind=simulator. Faults can also be switched while it runs: POST"
                    + " /_simulator/faults {\"faults\":[…]}; GET /_simulator/counters tells what was called."
        })
final class SimulateUpstreamCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "PORT", description = "The port to listen on (default: ${DEFAULT-VALUE}).")
    private int port = SimulatorOptions.DEFAULT_PORT;

    @Option(
            names = "--token-life",
            paramLabel = "DURATION",
            converter = TokenLife.class,
            description = "Life of a token (default: 900s).")
    private Duration tokenLife = Duration.ofMinutes(15);

    @Option(
            names = "--fault",
            paramLabel = "NAME[:TIMES]",
            description = "What goes wrong, for ever or so many times; may be repeated. 'list' prints the names.")
    private List<String> faults = new ArrayList<>();

    SimulateUpstreamCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (faults.contains("list")) {
            console.out().println(Faults.names());
            return ExitStatus.OK.code();
        }
        requireKnownFaults();
        SimulatorOptions options =
                SimulatorOptions.onPort(port).withTokenLife(tokenLife).withFaults(faults);
        CompletableFuture<Void> stopAsked = new CompletableFuture<>();
        TerminationSignals.onFirst(() -> stopAsked.complete(null));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            UpstreamSimulator simulator = started(vertx, options);
            console.out().println("The simulated upstream is at " + simulator.baseUrl());
            console.out()
                    .println("Use it: fairlead serve --set upstream.kind=simulator --set upstream.base_url="
                            + simulator.baseUrl());
            console.out().flush();
            stopAsked.join();
            return ExitStatus.OK.code();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private UpstreamSimulator started(Vertx vertx, SimulatorOptions options) {
        try {
            return UpstreamSimulator.start(vertx, TimeSource.system(), options)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new CommandFailure(
                    ExitStatus.FAILED,
                    "Cannot listen on port " + port + ": " + e.getCause().getMessage());
        }
    }

    private void requireKnownFaults() {
        try {
            new Faults().set(faults);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }
}
