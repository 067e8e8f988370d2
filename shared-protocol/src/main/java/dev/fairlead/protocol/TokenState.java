package dev.fairlead.protocol;

/** The state of the token the gateway holds for its upstream. */
public enum TokenState implements WireEnum {
    /** None: no credentials, refused, or expired. */
    UNAVAILABLE,
    VALID,
    /** Good, and soon to be renewed; nothing is interrupted. */
    EXPIRING_SOON,
    /** A new one is being fetched. */
    REFRESHING;

    /** Whether an operation that needs the token may begin. */
    public boolean usable() {
        return this == VALID || this == EXPIRING_SOON;
    }
}
