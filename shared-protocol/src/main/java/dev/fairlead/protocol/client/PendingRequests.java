package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Subject;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests an agent waits to have answered: each on an inbox of its own, each at most once. Not thread-safe. */
final class PendingRequests {
    /** So many may wait at a time; a caller that does not wait for answers is stopped here. */
    static final int MAX = 1024;

    /** Calls something later. */
    interface Timers {
        /** Returns what cancels it. */
        Runnable after(Duration delay, Runnable action);
    }

    private record Waiting(Promise<JsonNode> answer, Runnable cancelTimeout) {}

    private final String prefix;
    private final Timers timers;
    private final Map<Subject, Waiting> waiting = new HashMap<>();
    private long count;

    /**
     * Of one client.
     *
     * @param prefix one token of a subject that nobody can guess
     */
    PendingRequests(String prefix, Timers timers) {
        this.prefix = prefix;
        this.timers = timers;
    }

    /** An inbox for one answer. Empty, with the promise failed, where too many wait. */
    Optional<Subject> open(Subject asked, Duration timeout, Promise<JsonNode> answer) {
        if (waiting.size() >= MAX) {
            answer.fail(new FairleadException(ErrorCode.BUSY, MAX + " requests wait for an answer already"));
            return Optional.empty();
        }
        Subject inbox = new Subject("inbox." + prefix + "." + ++count);
        Runnable cancel = timers.after(timeout, () -> {
            waiting.remove(inbox);
            answer.tryFail(new FairleadException(
                    ErrorCode.TIMEOUT, "No answer to " + asked + " within " + timeout.toMillis() + " ms"));
        });
        waiting.put(inbox, new Waiting(answer, cancel));
        return Optional.of(inbox);
    }

    /** Hands an answer to who waits for it; one that comes late, or twice, is nobody's. */
    void answered(AgentEnvelope envelope) {
        Optional.ofNullable(waiting.remove(envelope.subject())).ifPresent(request -> {
            request.cancelTimeout().run();
            envelope.error().ifPresentOrElse(request.answer()::tryFail, () -> request.answer()
                    .tryComplete(envelope.data().isMissingNode() ? FrameCodec.object() : envelope.data()));
        });
    }

    /** The connection is gone, and with it every answer. */
    void failAll(String reason) {
        List<Waiting> lost = List.copyOf(waiting.values());
        waiting.clear();
        for (Waiting request : lost) {
            request.cancelTimeout().run();
            // It may have failed before it was sent; what ends the connection must go on all the same.
            request.answer().tryFail(new FairleadException(ErrorCode.CONNECTION_LOST, reason));
        }
    }
}
