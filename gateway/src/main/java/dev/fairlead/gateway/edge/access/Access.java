package dev.fairlead.gateway.edge.access;

/** Who may use an endpoint. */
public enum Access {
    /** Everybody who reaches the port. */
    PUBLIC,
    /** The operator; in mode {@code auto} the user who runs the gateway is, without a token. */
    OPERATOR,
    /** The operator, or who has a key that reads metrics. */
    METRICS,
    /** The operator, or who has a key for MCP. */
    MCP,
    /** The operator, proved by password or token in every mode. */
    ADMIN,
    /** An agent or the operator. */
    AGENT_OR_OPERATOR,
    /** An agent, or nobody yet: agents may register by their first frame. */
    AGENT
}
