package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.instances.ControlGroups;
import dev.fairlead.gateway.settings.Settings;

/** Whether instances can be kept to limits of memory and processor time. */
final class LimitsCheck {
    private static final String SUBJECT = "limits";

    private LimitsCheck() {}

    /** A warning where they cannot: only instances that have limits need that. */
    static Finding run(Settings.Instances settings) {
        return new ControlGroups(settings.cgroup())
                .obstacle()
                .map(why -> Finding.warning(
                        SUBJECT,
                        "a gateway started from here does not keep instances to memory_max and cpu_max: " + why,
                        "mend that, where instances are to have limits"))
                .orElseGet(() ->
                        Finding.good(SUBJECT, "a gateway started from here keeps instances to memory_max and cpu_max"));
    }
}
