package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.bus.NodeEvent;
import java.time.Instant;

/** What goes into the audit trail; published by whoever did it, after it was done. */
public sealed interface AuditEvents extends NodeEvent {
    /** The actor of what nobody in particular did. */
    String STRANGER = "anonymous";

    /** The outcome of what was done. */
    String OK = "ok";

    /** The outcome of what was not allowed; such entries are put together, as those that failed are. */
    String REFUSED = "refused";

    /** The outcome of what was allowed and came to nothing. */
    String FAILED = "failed";

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
