package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code apply}: makes the instances what a fleet file says. */
@Command(
        name = "apply",
        description = {
            "Makes the instances of a fleet file what it says, and shows first what changes.",
            "What is as it should be is not touched, nor is any instance that the file does not name."
        })
final class ApplyCommand extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The fleet file, in YAML.")
    private Path file;

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Change it without asking.")
    private boolean yes;

    ApplyCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        List<FleetStep> steps = new FleetPlan(calls).of(FleetFile.read(file));
        List<FleetStep> open = steps.stream().filter(FleetStep::isOpen).toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("instances");
        steps.forEach(step -> all.add(step.json()));
        write(answer, () -> steps.forEach(step -> step.print(console().out())));
        console().err().println(open.size() + " of " + steps.size() + " to change.");
        if (open.isEmpty() || dryRun) {
            return;
        }
        if (!yes && !agreed()) {
            throw new CommandFailure(ExitStatus.FAILED, "Nothing was changed; --yes changes it without asking");
        }
        List<String> failed = new ArrayList<>();
        for (FleetStep step : open) {
            try {
                step.run(calls);
                console().err().println("Instance " + step.name() + ": done.");
            } catch (CommandFailure e) {
                if (e.status() != ExitStatus.FAILED) {
                    throw e;
                }
                failed.add(step.place() + ": " + e.getMessage());
            }
        }
        if (!failed.isEmpty()) {
            throw new CommandFailure(ExitStatus.FAILED, String.join("\n", failed));
        }
    }

    private boolean agreed() {
        console().err().print("Change it? [y/N] ");
        console().err().flush();
        try {
            String line = new BufferedReader(new InputStreamReader(console().in(), StandardCharsets.UTF_8)).readLine();
            return line != null && List.of("y", "yes").contains(line.strip().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            return false;
        }
    }
}
