package dev.fairlead.gateway.instances;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of instances whose command is {@code true}, with nothing in them but what a test is about. */
final class SampleSettings {
    private SampleSettings() {}

    static InstanceSettings of(String name, int port, RestartPolicy restart) {
        return of(name, port, restart, Optional.empty(), Limits.NONE);
    }

    static InstanceSettings of(
            String name, int port, RestartPolicy restart, Optional<Schedule> schedule, Limits limits) {
        return new InstanceSettings(
                name,
                List.of("true"),
                Optional.empty(),
                Map.of(),
                port,
                restart,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                LogMode.FILE,
                List.of(),
                Optional.empty(),
                schedule,
                limits);
    }
}
