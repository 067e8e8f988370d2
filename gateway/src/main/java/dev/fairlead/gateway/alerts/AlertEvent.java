package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.bus.Event;
import java.time.Instant;

/** News of alerts; a summary that may quote a log is no part of it. */
public sealed interface AlertEvent extends Event {
    /**
     * An alert fires, or is over.
     *
     * @param rule the rule's id
     * @param subject what it is about, for people: a name, or what an approval that waits is of
     * @param firing whether it fires now
     */
    record Told(String id, String rule, String subject, boolean firing, Instant at) implements AlertEvent {}
}
