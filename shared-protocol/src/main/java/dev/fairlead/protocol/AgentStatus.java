package dev.fairlead.protocol;

/** Whether an agent is there. */
public enum AgentStatus implements WireEnum {
    /** Registered on a connection that is open, with a heartbeat within the last 45 s. */
    ONLINE,
    /** Connected, but no heartbeat for 45 s. */
    STALE,
    /** Not connected, or silent for 90 s. */
    OFFLINE
}
