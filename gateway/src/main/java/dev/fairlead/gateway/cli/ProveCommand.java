package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.prove.BadDay;
import dev.fairlead.gateway.prove.Receipt;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code prove}: what the gateway promises, shown on this machine. */
@Command(
        name = "prove",
        description = {
            "Makes a bad day for a gateway of its own: agents send each other messages, and faults come by chance (kill"
                    + " -9, a frozen process, its data folder moved away, no descriptors, a torn database file, and a full"
                    + " disk where this account may mount one).",
            "Prints a receipt: faults made, messages acknowledged, lost, come twice, the longest silence. Exits with 1"
                    + " where a promise was broken, and then keeps its folder with the history and the gateway's log."
        })
final class ProveCommand implements Callable<Integer> {
    private static final String PASSWORD = "FAIRLEAD_DB_PASSWORD";

    /** For what was begun to be ended when somebody does not want to wait. */
    private static final long CLOSING_MS = 30_000;

    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--minutes",
            converter = Count.class,
            paramLabel = "N",
            description = "How long faults are made (default: ${DEFAULT-VALUE}).")
    private int minutes = 3;

    @Option(
            names = "--faults",
            converter = Count.class,
            paramLabel = "N",
            description = "Ends after so many faults, if that comes first.")
    private int faults = Integer.MAX_VALUE;

    @Option(names = "--seed", paramLabel = "S", description = "Of the faults: the same makes the same ones again.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "A new folder for all of it, which is kept (default: one in java.io.tmpdir, kept where a"
                    + " promise was broken).")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            description = "jdbc:postgresql://host/database, an empty one, instead of H2; the password is taken from"
                    + " FAIRLEAD_DB_PASSWORD.")
    private Optional<String> url = Optional.empty();

    @Option(names = "--db-user", paramLabel = "NAME", description = "The database's user.")
    private Optional<String> user = Optional.empty();

    ProveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (url.isPresent() && !url.get().startsWith("jdbc:postgresql:")) {
            throw new ParameterException(command.commandLine(), "--db-url takes jdbc:postgresql:…; H2 needs none");
        }
        long chosen = seed.orElseGet(() -> (long) new SecureRandom().nextInt(1, Integer.MAX_VALUE));
        Thread runner = Thread.currentThread();
        Thread hook = new Thread(() -> end(runner), "prove-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Path where = folder.isPresent() ? folder.get() : Files.createTempDirectory("fairlead-prove");
            Receipt receipt = new BadDay(
                            new BadDay.Plan(
                                    Duration.ofMinutes(minutes),
                                    chosen,
                                    faults,
                                    url,
                                    user,
                                    url.flatMap(given -> console.variable(PASSWORD))),
                            where,
                            console.err()::println)
                    .run();
            output.write(FrameCodec.toTree(receipt), () -> print(receipt));
            if (!receipt.kept() || folder.isPresent()) {
                console.err().println("History and log: " + where);
            } else {
                BadDay.forget(where);
            }
            return (receipt.kept() ? ExitStatus.OK : ExitStatus.FAILED).code();
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.FAILED, "Nothing was shown: " + e.getMessage());
        } finally {
            removeHook(hook);
        }
    }

    private void print(Receipt receipt) {
        PrintStream out = console.out();
        out.println("Faults made         " + receipt.faultsMade() + " in " + receipt.seconds() + " s (--seed "
                + receipt.seed() + "): "
                + receipt.faults().entrySet().stream()
                        .map(kind -> kind.getKey() + " " + kind.getValue())
                        .collect(Collectors.joining(", ")));
        receipt.leftOut().forEach(kind -> out.println("Left out            " + kind));
        out.println("Acknowledged        " + receipt.acknowledged() + " messages, " + receipt.settled() + " settled");
        out.println("Lost                " + receipt.lost());
        out.println("Twice               " + receipt.twice());
        out.println("Longest silence     " + receipt.longestSilenceMs() + " ms");
        out.println("Back after a fault  " + receipt.slowestReturnMs() + " ms at most");
        out.println("Log of a fault      " + receipt.mostLogLines() + " lines at most");
        out.println("Load                " + receipt.highestLoad()
                + " a processor at most; above 2 the bounds of returns grow with it");
        receipt.broken().forEach(promise -> out.println("BROKEN              " + promise));
        out.println(receipt.kept() ? "Every promise was kept." : "Promises were broken.");
    }

    /** Somebody wants it to end: the gateway of the run ends first. */
    private static void end(Thread runner) {
        runner.interrupt();
        try {
            runner.join(CLOSING_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already.
        }
    }
}
