package dev.fairlead.gateway.demo.agent;

import java.util.Locale;

/** What a sample agent is there for. */
public enum Role {
    /** Hands out tasks and waits for what comes of them. */
    PLANNER,
    /** Does tasks; some fail once, and some for good. */
    WORKER,
    /** Watches the market and has ideas, which wait for a person. */
    SCOUT;

    /** As it stands on the command line. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
