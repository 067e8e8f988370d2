package dev.fairlead.gateway.events;

import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.protocol.EventsFrame;

/** What waits for a person, and does no longer, as the stream of events tells it. */
final class ApprovalNews {
    private ApprovalNews() {}

    static EventsFrame frame(ApprovalEvent event) {
        if (event instanceof ApprovalEvent.Asked asked) {
            return new EventsFrame.ApprovalEvent(
                    asked.id(), asked.kind().wire(), asked.subject(), Approval.Status.WAITING.wire(), asked.at());
        }
        ApprovalEvent.Answered answered = (ApprovalEvent.Answered) event;
        return new EventsFrame.ApprovalEvent(
                answered.id(),
                answered.kind().wire(),
                answered.subject(),
                answered.status().wire(),
                answered.at());
    }
}
