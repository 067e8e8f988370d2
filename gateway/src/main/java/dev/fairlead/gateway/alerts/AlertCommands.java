package dev.fairlead.gateway.alerts;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.gateway.alerts.receivers.ReceiverState;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.OfJanitor;
import dev.fairlead.gateway.settings.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be asked of the alerts. What changes something may also be refused with {@code storage_unavailable}. */
public final class AlertCommands {
    private AlertCommands() {}

    /** Asks for all: rules, what they found, who is told. */
    public record GetAlerts() implements Request<AlertsFound>, OfJanitor {}

    /**
     * All of it.
     *
     * @param alerts what fires, newest first, then what is over, the latest first
     */
    public record AlertsFound(List<ShownRule> rules, List<ShownAlert> alerts, List<ReceiverState> receivers) {
        public AlertsFound {
            rules = List.copyOf(rules);
            alerts = List.copyOf(alerts);
            receivers = List.copyOf(receivers);
        }
    }

    /** Where a rule comes from. */
    public enum Source {
        SETTINGS,
        ADDED;

        /** As it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A rule.
     *
     * @param rule as it is written
     * @param silencedUntil until when nobody is told of any of its alerts
     */
    public record ShownRule(
            String id,
            String rule,
            AlertRule.Kind kind,
            AlertRule.Severity severity,
            Source source,
            Optional<Instant> silencedUntil) {}

    /** Whether an alert fires. */
    public enum State {
        FIRING,
        RESOLVED;

        /** As it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An alert. */
    public record ShownAlert(
            String id,
            String rule,
            AlertRule.Kind kind,
            AlertRule.Severity severity,
            String subject,
            String summary,
            State state,
            Instant startedAt,
            Optional<Instant> resolvedAt,
            long count,
            Optional<Instant> silencedUntil) {}

    /** Adds a rule. Refused with {@code bad_request} where it is none, {@code conflict} where there is one alike. */
    public record AddRule(String rule) implements Request<RuleFound>, OfJanitor {}

    public record RuleFound(ShownRule rule) {}

    /** Removes a rule that was added. Refused with {@code not_found}; {@code invalid_state} for one of the settings. */
    public record RemoveRule(String id) implements Request<RuleRemoved>, OfJanitor {}

    public record RuleRemoved(String id) {}

    /**
     * Has nobody told for a while, of a rule or of what one alert is about. Refused with {@code not_found},
     * {@code bad_request} for a time that is too long.
     *
     * @param id of a rule, or of an alert
     * @param time zero ends the silence
     */
    public record Silence(String id, Duration time) implements Request<Silenced>, OfJanitor {}

    /** Until when; empty where it was ended. */
    public record Silenced(String id, Optional<Instant> until) {}

    /**
     * Tells every receiver that this is a test. Refused with {@code not_found}, {@code invalid_state} where there is no
     * receiver.
     *
     * @param id of a rule, or of an alert
     */
    public record Test(String id) implements Request<Tested>, OfJanitor {}

    public record Tested(List<TestResult> results) {
        public Tested {
            results = List.copyOf(results);
        }
    }

    /**
     * What a receiver did.
     *
     * @param error why it did not hear
     */
    public record TestResult(String receiver, boolean ok, Optional<String> error) {}
}
