package dev.fairlead.gateway.faces.acp;

import java.util.Optional;

/** The other end refused what it was asked, or did not answer. */
final class AcpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Integer> code;

    AcpRefusal(Optional<Integer> code, String message) {
        super(message, null, false, false); // an answer, not a fault: its place tells nothing
        this.code = code;
    }

    /** Of JSON-RPC; empty where there was no answer. */
    Optional<Integer> code() {
        return code;
    }
}
