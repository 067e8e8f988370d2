package dev.fairlead.gateway.alerts.receivers;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a receiver stands.
 *
 * @param waiting notices it has not taken yet
 * @param lastSentAt when it last took some since the gateway's start
 * @param lastError why it did not take the last, where it did not
 */
public record ReceiverState(
        String name, State state, int waiting, Optional<Instant> lastSentAt, Optional<String> lastError) {
    /** Whether it takes what it is told. */
    public enum State {
        OK,
        RETRYING;

        /** As it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
