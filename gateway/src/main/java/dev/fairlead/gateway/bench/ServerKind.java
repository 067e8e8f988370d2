package dev.fairlead.gateway.bench;

/** What is measured. */
public enum ServerKind {
    /** The product, all checks on. */
    GATEWAY,
    /** A Vert.x server that does the same work and nothing else. */
    BARE
}
