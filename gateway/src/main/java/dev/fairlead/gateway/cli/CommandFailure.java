package dev.fairlead.gateway.cli;

/** A command could not do its work; the message is all the user gets to see. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ExitStatus status;

    /** @param message what happened, to what, and what to do */
    CommandFailure(ExitStatus status, String message) {
        super(message);
        this.status = status;
    }

    ExitStatus status() {
        return status;
    }
}
