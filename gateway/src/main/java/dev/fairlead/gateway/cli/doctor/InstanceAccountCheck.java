package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.instances.OtherAccounts;
import dev.fairlead.gateway.settings.Settings;
import java.util.List;

/** Whether instances can run as the account that the settings name. */
final class InstanceAccountCheck {
    private static final String SUBJECT = "instances";

    private InstanceAccountCheck() {}

    /**
     * One finding where an account is named, else none.
     *
     * @param searched folders joined by the system's separator, as in {@code PATH}
     */
    static List<Finding> run(Settings.Instances settings, String searched) {
        return settings.user().map(user -> examine(user, searched)).stream().toList();
    }

    private static Finding examine(String user, String searched) {
        return OtherAccounts.obstacle(user, searched)
                .map(why -> Finding.fault(
                        SUBJECT, "instances.user=" + user + ": " + why, "mend that, or take instances.user away"))
                .orElseGet(() -> Finding.good(SUBJECT, "run as account '" + user + "'"));
    }
}
