package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import java.time.Instant;

/** What the audit trail is told of sessions. */
final class ChatTrail {
    private ChatTrail() {}

    /** A session was deleted; of one that was never meant to last nothing is said. */
    static void deleted(Bus bus, ChatCommands.Delete delete, Instant now) {
        if (delete.audited()) {
            bus.publish(
                    AuditEvents.class,
                    new AuditEvents.Recorded(
                            now,
                            delete.owner(),
                            "chat.delete",
                            delete.sessionId(),
                            delete.address(),
                            AuditEvents.OK,
                            ""));
        }
    }
}
