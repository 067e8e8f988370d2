package dev.fairlead.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlertSourcesTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final AlertSources sources =
            new AlertSources(new Alerts(new ManualTime(), () -> "alert-1", new Silences()));

    @Test
    void a_program_that_lived_for_less_than_a_look_is_looked_at_once_more() {
        becomes(InstanceStatus.STARTING);
        becomes(InstanceStatus.STOPPED);

        assertThat(sources.ran()).containsExactly("web");
        assertThat(sources.ran()).isEmpty();
        assertThat(sources.exists("web")).isTrue();
    }

    @Test
    void what_runs_is_looked_at_until_it_is_deleted() {
        becomes(InstanceStatus.RUNNING);
        assertThat(sources.ran()).containsExactly("web");
        assertThat(sources.ran()).containsExactly("web");

        assertThat(sources.on(new InstanceEvent.Deleted("web", Optional.of("n1"), AT)))
                .isEmpty();

        assertThat(sources.ran()).isEmpty();
        assertThat(sources.exists("web")).isFalse();
    }

    private void becomes(InstanceStatus status) {
        assertThat(sources.instance(new InstanceSummary(
                        "web",
                        status,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        AT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .isEmpty();
    }
}
