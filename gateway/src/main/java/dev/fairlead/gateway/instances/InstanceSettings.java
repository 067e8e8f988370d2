package dev.fairlead.gateway.instances;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an instance is, as the operator set it; checked by {@link InstanceRules}.
 *
 * @param command program and arguments
 * @param cwd absolute; empty for the folder of its own
 * @param env its own variables, on top of those it gets from the gateway's environment
 * @param user the account it runs as; empty for that of {@code instances.user}, or else the gateway's
 * @param protocol that the gateway speaks to it; empty for a program of any other kind
 * @param acpAllow what its agent may have done for it, where that speaks ACP; nothing by default
 * @param labels what it is sorted by, by key; checked by {@link Labels}
 * @param log how its output gets into its log
 * @param dependsOn what is waited for before it is started; checked by {@link Dependencies}
 * @param readyWhen what shows that it is ready; empty where it is as soon as it runs
 * @param schedule when it is started by itself; checked by {@link ScheduledTimes}
 * @param limits what it may use at most
 */
record InstanceSettings(
        String name,
        List<String> command,
        Optional<String> cwd,
        Map<String, String> env,
        int port,
        RestartPolicy restart,
        Optional<HealthProbe> health,
        boolean autostart,
        Optional<String> user,
        Optional<Protocol> protocol,
        List<AcpAllowance> acpAllow,
        Map<String, String> labels,
        LogMode log,
        List<Dependency> dependsOn,
        Optional<ReadyWhen> readyWhen,
        Optional<Schedule> schedule,
        Limits limits) {
    /** What a process is started with: under one that runs it stays. */
    private static final Set<String> STARTED_WITH =
            Set.of("command", "cwd", "env", "port", "user", "protocol", "acp_allow", "log", "memory_max", "cpu_max");

    InstanceSettings {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        acpAllow = List.copyOf(acpAllow);
        dependsOn = List.copyOf(dependsOn);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    InstanceSettings as(String otherName, int otherPort) {
        return new InstanceSettings(
                otherName, command, cwd, env, otherPort, restart, health, autostart, user, protocol, acpAllow, labels,
                log, dependsOn, readyWhen, schedule, limits);
    }

    /** Whether a process of these settings is one of those, too: what differs is not what it was started with. */
    boolean runsAs(InstanceSettings other) {
        return Collections.disjoint(differences(other), STARTED_WITH);
    }

    /** The fields, as REST has them, in which these settings and those differ. */
    List<String> differences(InstanceSettings other) {
        Map<String, Object> others = other.fields();
        return fields().entrySet().stream()
                .filter(field -> !field.getValue().equals(others.get(field.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All but the name. */
    private Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("command", command);
        fields.put("cwd", cwd);
        fields.put("env", env);
        fields.put("port", port);
        fields.put("restart", restart);
        fields.put("health", health);
        fields.put("autostart", autostart);
        fields.put("user", user);
        fields.put("protocol", protocol);
        fields.put("acp_allow", acpAllow);
        fields.put("labels", labels);
        fields.put("log", log);
        fields.put("depends_on", dependsOn);
        fields.put("ready_when", readyWhen);
        fields.put("schedule", schedule);
        fields.put("memory_max", limits.memoryMax());
        fields.put("cpu_max", limits.cpuMax());
        return fields;
    }

    /** Neither arguments nor variables: they may hold secrets. */
    @Override
    public String toString() {
        return "InstanceSettings[" + name + "]";
    }
}
