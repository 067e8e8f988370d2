package dev.fairlead.protocol;

/** Where an instance is in its life. */
public enum InstanceStatus implements WireEnum {
    STOPPED,
    STARTING,
    RUNNING,
    /** The process lives, but three health checks in a row failed. */
    UNHEALTHY,
    STOPPING,
    /** It died too often to be started again, or could not be started at all. */
    FAILED,
    /** Its node is away: nobody can tell. */
    UNKNOWN
}
