package dev.fairlead.gateway.instances;

/** A program that cannot be started; the message says why, for people. */
final class LaunchFailure extends Exception {
    private static final long serialVersionUID = 1L;

    LaunchFailure(String message) {
        super(message);
    }
}
