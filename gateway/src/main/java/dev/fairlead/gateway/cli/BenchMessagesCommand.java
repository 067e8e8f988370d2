package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.BenchPlan;
import dev.fairlead.gateway.bench.MessageBenchmark;
import dev.fairlead.gateway.bench.MessageFigures;
import dev.fairlead.gateway.bench.StageFigures;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench messages}: what durability costs. */
@Command(
        name = "messages",
        description = {
            "Measures durable messages: accepted a second, and sent, delivered and acknowledged a second, beside"
                    + " transactions of one row on the same database.",
            "On H2 in a temporary folder (java.io.tmpdir), or on PostgreSQL with --db-url: give it an empty database,"
                    + " what is measured stays there."
        })
final class BenchMessagesCommand implements Callable<Integer> {
    private static final String PASSWORD = "FAIRLEAD_DB_PASSWORD";

    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private OutputOption output;

    @Mixin
    private RoundOptions rounds = new RoundOptions(2);

    @Option(
            names = "--senders",
            split = ",",
            converter = Count.class,
            paramLabel = "N",
            description = "Numbers of senders (1, 16 and 256).")
    private List<Integer> senders = List.of(1, 16, 256);

    @Option(
            names = "--stages",
            description = "Measures what of the processor a message takes, by stage, instead of how many go through.")
    private boolean stages;

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            description = "jdbc:postgresql://host/database; the password is taken from FAIRLEAD_DB_PASSWORD.")
    private Optional<String> url = Optional.empty();

    @Option(names = "--db-user", paramLabel = "NAME", description = "The database's user.")
    private Optional<String> user = Optional.empty();

    BenchMessagesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (url.isPresent() && !url.get().startsWith("jdbc:postgresql:")) {
            throw new ParameterException(command.commandLine(), "--db-url takes jdbc:postgresql:…; H2 needs none");
        }
        BenchPlan plan = rounds.plan(senders);
        if (url.isPresent() && plan.against().isPresent()) {
            throw new ParameterException(
                    command.commandLine(), "--against measures on H2: two gateways cannot share --db-url");
        }
        Settings.Db db = new Settings.Db(
                url, user, url.flatMap(given -> console.variable(PASSWORD)).map(Secret::of), 4);
        return stages ? stages(plan, db) : rates(plan, db);
    }

    private int stages(BenchPlan plan, Settings.Db db) {
        rounds.requireOneBuild("--stages");
        Findings findings = new Findings(StageFigures.headings());
        new MessageBenchmark(plan, db).stages(found -> {
            findings.addRows(found.json(), found.cells());
            console.err().println("measured: stages, " + found.senders() + " senders");
        });
        return findings.tell(output, console);
    }

    private int rates(BenchPlan plan, Settings.Db db) {
        Findings findings = new Findings(MessageFigures.headings());
        new MessageBenchmark(plan, db).run(found -> {
            findings.add(found.json(), found.cells());
            console.err().println("measured: " + found.work() + ", " + found.senders() + " senders");
        });
        return findings.tell(output, console);
    }
}
