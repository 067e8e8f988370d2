package dev.fairlead.gateway.approvals;

import dev.fairlead.gateway.bus.Event;
import java.time.Instant;
import java.util.Optional;

/** News of what waits for a person; told when it is committed. Metadata only: no detail. */
public sealed interface ApprovalEvent extends Event {
    String id();

    Approval.Kind kind();

    Instant at();

    /** A person is asked. */
    record Asked(
            String id, Approval.Kind kind, String subject, Optional<String> sessionId, Instant expiresAt, Instant at)
            implements ApprovalEvent {}

    /**
     * It waits no longer.
     *
     * @param status anything but {@code WAITING}
     */
    record Answered(String id, Approval.Kind kind, String subject, Approval.Status status, Instant at)
            implements ApprovalEvent {}
}
