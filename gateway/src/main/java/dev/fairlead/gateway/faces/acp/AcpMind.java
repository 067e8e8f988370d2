package dev.fairlead.gateway.faces.acp;

import io.vertx.core.Future;

/**
 * What answers behind an {@link AcpServer}: its sessions, and what is said in them. Called on the server's event loop
 * alone, which it must not block. A {@link dev.fairlead.protocol.FairleadException} is told to the client as it stands.
 */
public interface AcpMind {
    /** As people know it. */
    String title();

    /** A new session; its id. */
    Future<String> open();

    /** A session of before, what was said in it told on the way. Fails with {@code not_found} where there is none. */
    Future<Void> load(String session, AcpTurn told);

    /** Answers a prompt; completes with how it ended: {@code end_turn}, {@code cancelled}, {@code refusal}. */
    Future<String> prompt(AcpTurn turn);
}
