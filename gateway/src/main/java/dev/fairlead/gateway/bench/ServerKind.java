package dev.fairlead.gateway.bench;

/** What is measured. */
public enum ServerKind {
    /** The product, all checks on. */
    GATEWAY,
    /** A Vert.x server that does the same work and nothing else. */
    BARE,
    /** A Vert.x server that passes a model's stream on to WebSockets and does nothing else. */
    CHAT_PROXY
}
