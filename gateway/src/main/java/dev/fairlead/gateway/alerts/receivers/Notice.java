package dev.fairlead.gateway.alerts.receivers;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.gateway.settings.AlertRule;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a receiver is told of one alert.
 *
 * @param alert the alert's id
 * @param summary one line for people
 * @param resolvedAt where it is over
 */
public record Notice(
        String alert,
        Status status,
        String rule,
        AlertRule.Kind kind,
        AlertRule.Severity severity,
        String subject,
        String summary,
        Instant startedAt,
        Optional<Instant> resolvedAt,
        long count) {

    /** What is told. */
    public enum Status {
        FIRING,
        RESOLVED,
        /** Nothing happened; somebody tries whether the receiver hears. */
        TEST;

        /** As it stands in JSON and in the store. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
