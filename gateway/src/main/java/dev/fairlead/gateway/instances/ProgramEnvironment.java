package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.settings.Settings;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What stands in the environment of a program: a little of the gateway's, the instance's own, and what it is told. */
final class ProgramEnvironment {
    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER", "SHELL");
    private static final String LOCALE_PREFIX = "LC_";

    private final Settings.Instances settings;
    private final Map<String, String> own;

    /**
     * For the programs of one gateway.
     *
     * @param own the gateway's environment
     */
    ProgramEnvironment(Settings.Instances settings, Map<String, String> own) {
        this.settings = settings;
        this.own = Map.copyOf(own);
    }

    /**
     * The whole of it.
     *
     * @param url of the gateway
     * @param token to register with, once
     */
    Map<String, String> of(InstanceSettings instance, String spawnId, String url, String token) {
        Map<String, String> environment = new TreeMap<>();
        own.forEach((name, value) -> {
            if (PASSED_ON.contains(name)
                    || name.startsWith(LOCALE_PREFIX)
                    || settings.envAllow().contains(name)) {
                environment.put(name, value);
            }
        });
        environment.putAll(instance.env());
        environment.put("FAIRLEAD_URL", url);
        environment.put("FAIRLEAD_AGENT_NAME", instance.name());
        environment.put("FAIRLEAD_TOKEN", token);
        environment.put("PORT", String.valueOf(instance.port()));
        environment.put(ProcessTable.MARKER, spawnId);
        return environment;
    }
}
