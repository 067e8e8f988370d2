package dev.fairlead.gateway.tools;

import java.util.Optional;

/**
 * On whose behalf a tool is called.
 *
 * @param actor the session's owner, as the audit trail calls them
 * @param address from where the turn was asked for; empty where that is unknown
 * @param callId of this one call, unique over all, the same where a call is made again; empty where it has none
 * @param traceparent in the course of which trace
 */
public record ToolCaller(
        String actor, String address, String sessionId, String turnId, String callId, Optional<String> traceparent) {
    /** One that is in no trace. */
    public ToolCaller(String actor, String address, String sessionId, String turnId, String callId) {
        this(actor, address, sessionId, turnId, callId, Optional.empty());
    }

    /** The same, in the course of a trace. */
    public ToolCaller within(Optional<String> trace) {
        return new ToolCaller(actor, address, sessionId, turnId, callId, trace);
    }
}
