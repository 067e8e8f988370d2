package dev.fairlead.gateway.faces.acp;

import io.vertx.core.Future;
import java.util.Optional;

/** Who an agent's turn is for: what it shows and what it asks goes there. */
interface Audience {
    void show(Shown shown);

    /** Whether it may make a call; empty where the turn ends before anybody said so. Never fails. */
    Future<Optional<Boolean>> allows(Shown.Call call);

    /** Completes when nothing of the turn counts any more. */
    Future<Void> over();

    default boolean isOver() {
        return over().isComplete();
    }
}
