package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.bus.Event;
import java.time.Instant;

/** What goes into the audit trail; published by whoever did it, after it was done. */
public sealed interface AuditEvents extends Event {
    /**
     * Somebody did something.
     *
     * @param actor {@code operator}, {@code agent:<name>} or {@code gateway}
     * @param action a verb for programs: {@code agent.revoke}, {@code login}
     * @param target what it was done to; empty for nothing in particular
     * @param address from where; empty for the gateway itself
     * @param outcome {@code ok}, {@code refused} or {@code failed}
     * @param detail for people, without secrets; empty for none
     */
    record Recorded(
            Instant at, String actor, String action, String target, String address, String outcome, String detail)
            implements AuditEvents {}
}
