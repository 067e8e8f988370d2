package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.cli.doctor.Doctor;
import dev.fairlead.gateway.cli.doctor.Finding;
import dev.fairlead.gateway.cli.doctor.Finding.Verdict;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code doctor}: what would keep the gateway from starting, and what mends it. */
@Command(
        name = "doctor",
        description = {
            "Checks Java, settings, port, data folder, permissions, database, clock, upstream credentials and the chat's model,",
            "and says what mends each fault.",
            "Changes nothing. Takes the options of serve. Exits with 1 when something would keep the gateway from starting."
        })
final class DoctorCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private OutputOption output;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(Doctor.machine());
        try {
            Settings settings = options.load().settings();
            findings.add(Finding.good("settings", "complete and without contradiction"));
            findings.addAll(Doctor.examine(settings, console.environment()));
        } catch (SettingsException e) {
            e.problems()
                    .forEach(problem ->
                            findings.add(Finding.fault("settings", problem, "mend it where the line says it stands")));
        }
        boolean fault = findings.stream().anyMatch(finding -> finding.verdict() == Verdict.FAULT);
        output.write(json(findings, !fault), () -> findings.forEach(this::print));
        return (fault ? ExitStatus.FAILED : ExitStatus.OK).code();
    }

    private void print(Finding finding) {
        console.out().printf("%-8s %-12s %s%n", word(finding), finding.subject(), finding.detail());
        finding.remedy().ifPresent(remedy -> console.out().printf("%22s%s%n", "→ ", remedy));
    }

    private static ObjectNode json(List<Finding> findings, boolean ok) {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("ok", ok);
        ArrayNode list = report.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode entry = list.addObject()
                    .put("subject", finding.subject())
                    .put("verdict", word(finding))
                    .put("detail", finding.detail());
            finding.remedy().ifPresent(remedy -> entry.put("remedy", remedy));
        }
        return report;
    }

    private static String word(Finding finding) {
        return finding.verdict().name().toLowerCase(Locale.ROOT);
    }
}
