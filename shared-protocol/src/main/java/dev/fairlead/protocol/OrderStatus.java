package dev.fairlead.protocol;

/**
 * How far an order has come: {@code received → (rejected | needs_confirmation →) approved → submitting → submitted →
 * working → …}.
 */
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
    /** The upstream has it in the market; nothing of it is filled yet. */
    WORKING,
    /** Some of it is filled, and the rest works on. */
    PARTIALLY_FILLED,
    /** The upstream has refused it, or it is certain that it never came there. */
    FAILED,
    /** It was sent and no answer came: the upstream is asked whether it has it; it is not sent again. */
    UNKNOWN,
    /** No person confirmed it in time; nothing was sent. */
    EXPIRED,
    /** It is to be cancelled; the upstream is told, and asked what became of it. */
    CANCELLING,
    /** It is to be replaced; the upstream is told, and asked what became of it. */
    REPLACING,
    /** It was cancelled, here or at the upstream. */
    CANCELLED,
    /** The upstream has carried it out. */
    FILLED;

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
        return switch (this) {
            case REJECTED, FAILED, EXPIRED, CANCELLED, FILLED -> true;
            case RECEIVED,
                    NEEDS_CONFIRMATION,
                    APPROVED,
                    SUBMITTING,
                    SUBMITTED,
                    WORKING,
                    PARTIALLY_FILLED,
                    UNKNOWN,
                    CANCELLING,
                    REPLACING -> false;
        };
    }

    /** Whether the upstream has it, and what becomes of it is the market's to say. */
    public boolean isAtUpstream() {
        return this == SUBMITTED || this == WORKING || this == PARTIALLY_FILLED;
    }
}
