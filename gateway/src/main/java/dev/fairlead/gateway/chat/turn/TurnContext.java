package dev.fairlead.gateway.chat.turn;

import dev.fairlead.gateway.tools.ToolBox;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** All an agent is given for one turn. Used on the chat's event loop only. */
public interface TurnContext {
    String turnId();

    String sessionId();

    /** What the user says: never blank, at most {@code Chats.MAX_CONTENT} characters. */
    String content();

    /**
     * What was said before, oldest first, this turn's content not included: the latest part of the session, cut at the
     * front to bounds in count and characters, and never between a tool call and its result.
     */
    List<Said> history();

    /** What a client that has the conversation in its own hands sent along. */
    default Given given() {
        return Given.NOTHING;
    }

    /** The turn's own place in its trace, for what is done in its course. */
    default Optional<String> traceparent() {
        return given().traceparent();
    }

    /** Whether the turn ran before a restart already. */
    boolean resumed();

    /**
     * What was called in this turn before a restart, and what came of it: empty in most turns. An agent that takes it
     * up from here goes on after it; for one that does not, the same calls in the same order are answered with what is
     * stored, and not made again.
     */
    List<Said> stored();

    /** The page of the dashboard the user looks at, as the client named it; unknown ones are left out. */
    Optional<String> pageContext();

    /** A sentence for a model about that page and the tools that fit it. */
    Optional<String> pageHint();

    /** Where to say what comes before the answer. */
    TurnEvents events();

    /** The gateway's tools, with approval, audit and the frames about them taken care of. */
    ToolBox tools();

    /**
     * Completes when the turn is aborted, by the user or because it takes too long or the gateway stops; never
     * otherwise, and never fails.
     */
    Future<Void> aborted();
}
