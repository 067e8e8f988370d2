package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.auth.TokenKind;
import java.util.Optional;

/** Who may use an endpoint. */
public enum Access {
    /** Everybody who reaches the port. */
    PUBLIC,
    /** The operator; in mode {@code auto} the user who runs the gateway is, without a token. */
    OPERATOR,
    /** The operator, or who has a key that reads metrics. */
    METRICS(TokenKind.METRICS),
    /** The operator, or who has a key for MCP. */
    MCP(TokenKind.MCP),
    /** The operator, or who has a key of the OpenAI face. */
    OPENAI(TokenKind.OPENAI),
    /** The operator, proved by password or token in every mode. */
    ADMIN,
    /** An agent or the operator. */
    AGENT_OR_OPERATOR,
    /** An agent, or nobody yet: agents may register by their first frame. */
    AGENT;

    private final TokenKind key; // null where keys of faces are good for nothing

    Access() {
        this(null);
    }

    Access(TokenKind key) {
        this.key = key;
    }

    /** Of which face a key is enough; empty for none. */
    Optional<TokenKind> key() {
        return Optional.ofNullable(key);
    }
}
