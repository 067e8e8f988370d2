package dev.fairlead.gateway.edge.agent;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions that wait for their answer, by number; bounded, each with a deadline. Plain state, driven by one event
 * loop.
 */
final class PendingRequests {
    /** Hears the one outcome of a question. */
    interface Asker {
        void answered(Optional<RawJson> data);

        void failed(FairleadException why);
    }

    private record Pending(Asker asker, long deadline) {}

    /** As many senders may each have all of theirs waiting for one agent. */
    private static final int SENDERS = 16;

    private final int most;
    private final int mostOfOne;
    private final Map<Long, Pending> waiting = new LinkedHashMap<>();
    private long last;

    /**
     * With a bound.
     *
     * @param mostOfOne questions that one sender may have waiting, of which the operator's are kept free
     */
    PendingRequests(int mostOfOne) {
        this.mostOfOne = mostOfOne;
        this.most = SENDERS * mostOfOne;
    }

    /**
     * Notes a question.
     *
     * @param deadline in nanoseconds of the monotonic clock
     * @param operator the operator asks, for whom there is room that agents cannot take
     * @return its number
     * @throws FairleadException {@code busy}, where too many wait already
     */
    long add(Asker asker, long deadline, boolean operator) {
        if (waiting.size() >= (operator ? most + mostOfOne : most)) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    "The agent has " + waiting.size()
                            + " requests to answer already; agents.request_max_pending bounds them");
        }
        waiting.put(++last, new Pending(asker, deadline));
        return last;
    }

    /** Answers a question; false where none waits under that number. */
    boolean answer(long number, Optional<RawJson> data) {
        Pending pending = waiting.remove(number);
        if (pending == null) {
            return false;
        }
        pending.asker.answered(data);
        return true;
    }

    void fail(long number, FairleadException why) {
        Pending pending = waiting.remove(number);
        if (pending != null) {
            pending.asker.failed(why);
        }
    }

    /** Fails everything whose deadline has passed. */
    void expire(long now) {
        List<Asker> late = new ArrayList<>();
        for (Iterator<Pending> all = waiting.values().iterator(); all.hasNext(); ) {
            Pending pending = all.next();
            if (now - pending.deadline >= 0) {
                all.remove();
                late.add(pending.asker);
            }
        }
        late.forEach(
                asker -> asker.failed(new FairleadException(ErrorCode.TIMEOUT, "The agent did not answer in time")));
    }

    void failAll(FairleadException why) {
        List<Pending> all = List.copyOf(waiting.values());
        waiting.clear();
        all.forEach(pending -> pending.asker.failed(why));
    }

    int size() {
        return waiting.size();
    }
}
