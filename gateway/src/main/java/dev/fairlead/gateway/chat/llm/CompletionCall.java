package dev.fairlead.gateway.chat.llm;

import io.vertx.core.Future;

/** A question that is under way. To be used on the event loop that asked. */
interface CompletionCall {
    /** The whole answer; fails with a {@link ModelFailure}. */
    Future<Completion> result();

    /** Gives it up: the endpoint sees its connection closed. */
    void abort();
}
