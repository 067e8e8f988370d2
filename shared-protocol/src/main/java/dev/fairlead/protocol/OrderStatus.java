package dev.fairlead.protocol;

/** How far an order has come: {@code received → (rejected | needs_confirmation →) approved → submitting → …}. */
public enum OrderStatus implements WireEnum {
    /** Stored, not yet judged. */
    RECEIVED,
    /** Refused by the risk guard or by a person; nothing was sent. */
    REJECTED,
    /** Waits for a person. */
    NEEDS_CONFIRMATION,
    /** May be sent; nothing was sent yet. */
    APPROVED,
    /** Being sent. */
    SUBMITTING,
    /** The upstream has it. */
    SUBMITTED,
    /** The upstream has refused it, or it is certain that it never came there. */
    FAILED,
    /** It was sent and no answer came: the upstream is asked whether it has it; it is not sent again. */
    UNKNOWN,
    /** No person confirmed it in time; nothing was sent. */
    EXPIRED,
    /** It is to be cancelled; the upstream is told, and asked what became of it. */
    CANCELLING,
    /** It was cancelled, here or at the upstream. */
    CANCELLED,
    /** The upstream has carried it out. */
    FILLED;

    /** Whether nothing more happens to it by itself. */
    public boolean isFinal() {
        return switch (this) {
            case REJECTED, SUBMITTED, FAILED, EXPIRED, CANCELLED, FILLED -> true;
            case RECEIVED, NEEDS_CONFIRMATION, APPROVED, SUBMITTING, UNKNOWN, CANCELLING -> false;
        };
    }
}
