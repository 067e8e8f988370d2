package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.edge.access.LocalOperator;
import dev.fairlead.gateway.edge.intake.OpenFiles;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All checks, in the order in which the gateway would stumble. */
public final class Doctor {

    private Doctor() {}

    /** What needs no settings. */
    public static List<Finding> machine() {
        return List.of(
                MachineCheck.java(Runtime.version().feature()),
                MachineCheck.clock(TimeSource.system()),
                MemoryCheck.run());
    }

    /**
     * What the settings speak of.
     *
     * @param environment where the upstream's credentials stand
     */
    public static List<Finding> examine(Settings settings, Map<String, String> environment) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(ExposureCheck.run(settings, LocalOperator.isPossible(), System.getProperty("user.name", "")));
        findings.add(PortCheck.run(settings.http()));
        findings.add(OpenFilesCheck.run(settings.http(), OpenFiles.ofThisProcess()));
        findings.addAll(DataFolderCheck.run(settings.dataDir(), TimeSource.system()));
        findings.addAll(SecretFilesCheck.run(settings));
        findings.addAll(
                InstanceAccountCheck.run(settings.instances(), environment.getOrDefault("PATH", "/usr/bin:/bin")));
        findings.add(LimitsCheck.run(settings.instances()));
        findings.add(DatabaseCheck.run(settings));
        findings.addAll(ClusterCheck.run(settings, TimeSource.system()));
        findings.addAll(ModelCheck.run(settings.llm()));
        findings.add(UpstreamCheck.run(settings, environment));
        findings.addAll(OrderModeCheck.run(settings.orders()));
        findings.addAll(KrakenKeyCheck.run(settings, environment, TimeSource.system()));
        return findings;
    }
}
