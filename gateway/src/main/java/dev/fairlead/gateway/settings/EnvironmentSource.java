package dev.fairlead.gateway.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the environment: {@code FAIRLEAD_WS_IDLE_TIMEOUT} sets {@code ws.idle_timeout}. */
final class EnvironmentSource {

    private static final String PASSWORD = "auth.admin_password";

    /** A shorter name for the variable that everybody sets; the command line reads it too. */
    private static final String PASSWORD_ALIAS = "FAIRLEAD_ADMIN_PASSWORD";

    /** Variables that speak to the command line or to an agent, not to the gateway. */
    private static final Set<String> CLIENTS =
            Set.of("FAIRLEAD_URL", "FAIRLEAD_TOKEN", "FAIRLEAD_AGENT_NAME", "FAIRLEAD_OUTPUT");

    private EnvironmentSource() {}

    /** What the environment sets. A variable of ours that names no setting is passed on as a key, to be refused. */
    static List<Assignment> read(Map<String, String> environment, List<String> problems) {
        Map<String, String> keys =
                SettingKeys.all().stream().collect(Collectors.toMap(SettingKey::environmentName, SettingKey::name));
        List<Assignment> assignments = new ArrayList<>();
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (!variable.startsWith(SettingKey.ENVIRONMENT_PREFIX) || CLIENTS.contains(variable) || linked(variable)) {
                return;
            }
            String key = variable.equals(PASSWORD_ALIAS) ? PASSWORD : keys.get(variable);
            if (key == null) {
                problems.add(unknown(variable, keys));
            } else {
                assignments.add(new Assignment(key, text, "environment variable " + variable));
            }
        });
        String full = environment.get("FAIRLEAD_AUTH_ADMIN_PASSWORD");
        String alias = environment.get(PASSWORD_ALIAS);
        if (full != null && alias != null && !full.equals(alias)) {
            problems.add("FAIRLEAD_AUTH_ADMIN_PASSWORD and " + PASSWORD_ALIAS + " set two passwords; unset one");
        }
        return assignments;
    }

    /** Kubernetes tells a pod of a service named fairlead through variables like these; no key of ours begins so. */
    private static boolean linked(String variable) {
        return variable.startsWith("FAIRLEAD_SERVICE_")
                || variable.equals("FAIRLEAD_PORT")
                || variable.startsWith("FAIRLEAD_PORT_");
    }

    private static String unknown(String variable, Map<String, String> keys) {
        Optional<String> closest = ClosestKey.to(variable, keys.keySet());
        return "environment variable " + variable + ": no setting of that name; "
                + closest.map(name -> "did you mean " + name + "?").orElse("unset it");
    }
}
