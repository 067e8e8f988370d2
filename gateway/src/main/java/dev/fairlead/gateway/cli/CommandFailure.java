package dev.fairlead.gateway.cli;

/** A command could not do its work; the message is all the user gets to see. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ExitStatus status;

    private final boolean outcomeKnown;

    /** @param message what happened, to what, and what to do */
    CommandFailure(ExitStatus status, String message) {
        this(status, message, true);
    }

    /** @param outcomeKnown false where what was asked of the gateway may have happened all the same */
    CommandFailure(ExitStatus status, String message, boolean outcomeKnown) {
        super(message);
        this.status = status;
        this.outcomeKnown = outcomeKnown;
    }

    boolean outcomeKnown() {
        return outcomeKnown;
    }

    ExitStatus status() {
        return status;
    }
}
