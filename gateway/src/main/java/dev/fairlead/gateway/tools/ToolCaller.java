package dev.fairlead.gateway.tools;

/**
 * On whose behalf a tool is called.
 *
 * @param actor the session's owner, as the audit trail calls them
 * @param address from where the turn was asked for; empty where that is unknown
 * @param callId of this one call, unique over all, the same where a call is made again; empty where it has none
 */
public record ToolCaller(String actor, String address, String sessionId, String turnId, String callId) {}
