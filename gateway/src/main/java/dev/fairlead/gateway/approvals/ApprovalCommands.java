package dev.fairlead.gateway.approvals;

import dev.fairlead.gateway.bus.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of the inbox of approvals. Every request may also be refused with {@code storage_unavailable}.
 * {@code actor} is who asks, {@code address} from where, for the audit trail.
 */
public final class ApprovalCommands {
    private ApprovalCommands() {}

    /**
     * The latest approvals, newest first.
     *
     * @param status those alone; all where absent
     * @param limit at most 500
     */
    public record ListApprovals(Optional<Approval.Status> status, int limit) implements Request<Approvals> {}

    public record Approvals(List<Approval> approvals) {
        public Approvals {
            approvals = List.copyOf(approvals);
        }
    }

    /** One of them. Refused with {@code not_found}. */
    public record Get(String id) implements Request<Found> {}

    public record Found(Approval approval) {}

    /**
     * Answers it: the first answer wins. Refused with {@code not_found}, {@code already_answered},
     * {@code approval_expired}, or as the concern that asked refuses.
     *
     * @param reason of a denial, for who asked
     */
    public record Decide(String id, boolean approve, Optional<String> reason, String actor, String address)
            implements Request<Decided> {}

    public record Decided(Approval approval) {}

    /**
     * Asks a person, for who has no table of its own: {@code acp} and {@code mcp}. The same id again is the same
     * question, whatever became of it, unless it is asked anew. The answer is told by {@link ApprovalEvent.Answered}.
     * Refused with {@code bad_request}; {@code busy} where too much waits already.
     *
     * @param id unique over all that ask; 1 to {@link Approval#MOST_ID} characters
     * @param life how long it waits; the setting {@code approvals.ttl} where absent
     * @param anew whether an answer of before is void: what was approved may not have been done
     */
    public record Ask(
            String id,
            Approval.Kind kind,
            String subject,
            String detail,
            Optional<String> sessionId,
            Optional<Duration> life,
            boolean anew)
            implements Request<Found> {
        @Override
        public String toString() {
            return "Ask[" + id + ", " + kind + "]";
        }
    }

    /** Takes such a question back: it is expired. Refused with {@code not_found}; what is answered stays so. */
    public record Withdraw(String id) implements Request<Found> {}

    /** The bus place at which the concern that asks such questions is handed their answers. */
    public static String place(Approval.Kind kind) {
        return "approvals/" + kind.wire();
    }

    /**
     * Hands an answer to the concern that asked, at its {@link #place}; answered when what follows from it is kept.
     * Refused as the concern refuses, {@code invalid_state} where it does not wait for an answer (any more).
     */
    public record Carry(
            String id,
            boolean approve,
            Optional<String> reason,
            Optional<String> sessionId,
            String actor,
            String address)
            implements Request<Carried> {}

    public record Carried(String id) {}
}
