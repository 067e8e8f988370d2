package dev.fairlead.gateway.edge.agent;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
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

    private record Pending(Asker asker, long deadline, Optional<String> from) {}

    /** As many senders may each have all of theirs waiting for one agent. */
    private static final int SENDERS = 16;

    private final int most;
    private final int mostOfOne;
    private final Map<Long, Pending> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> bySender = new HashMap<>();
    private long last;

    /**
     * With a bound.
     *
     * @param mostOfOne questions that one sender may have waiting, over whatever connections it has asked them, and as
     *     many that are kept free for the operator
     */
    PendingRequests(int mostOfOne) {
        this.mostOfOne = mostOfOne;
        this.most = SENDERS * mostOfOne;
    }

    /**
     * Notes a question.
     *
     * @param deadline in nanoseconds of the monotonic clock
     * @param from the agent that asks; empty for the operator, for whom there is room that agents cannot take
     * @return its number
     * @throws FairleadException {@code busy}, where too many wait already
     */
    long add(Asker asker, long deadline, Optional<String> from) {
        if (waiting.size() >= (from.isEmpty() ? most + mostOfOne : most)) {
            throw busy("The agent has " + waiting.size() + " requests to answer already");
        }
        if (from.filter(sender -> bySender.getOrDefault(sender, 0) >= mostOfOne).isPresent()) {
            throw busy("The agent has " + mostOfOne + " requests of yours to answer already");
        }
        from.ifPresent(sender -> bySender.merge(sender, 1, Integer::sum));
        waiting.put(++last, new Pending(asker, deadline, from));
        return last;
    }

    private static FairleadException busy(String why) {
        return new FairleadException(ErrorCode.BUSY, why + "; agents.request_max_pending bounds them");
    }

    /** Answers a question; false where none waits under that number. */
    boolean answer(long number, Optional<RawJson> data) {
        Optional<Pending> pending = taken(number);
        pending.ifPresent(found -> found.asker.answered(data));
        return pending.isPresent();
    }

    void fail(long number, FairleadException why) {
        taken(number).ifPresent(found -> found.asker.failed(why));
    }

    private Optional<Pending> taken(long number) {
        Optional<Pending> pending = Optional.ofNullable(waiting.remove(number));
        pending.ifPresent(this::settled);
        return pending;
    }

    private void settled(Pending pending) {
        pending.from.ifPresent(sender -> bySender.computeIfPresent(sender, (name, open) -> open > 1 ? open - 1 : null));
    }

    /** Fails everything whose deadline has passed. */
    void expire(long now) {
        List<Asker> late = new ArrayList<>();
        for (Iterator<Pending> all = waiting.values().iterator(); all.hasNext(); ) {
            Pending pending = all.next();
            if (now - pending.deadline >= 0) {
                all.remove();
                settled(pending);
                late.add(pending.asker);
            }
        }
        late.forEach(
                asker -> asker.failed(new FairleadException(ErrorCode.TIMEOUT, "The agent did not answer in time")));
    }

    void failAll(FairleadException why) {
        List<Pending> all = List.copyOf(waiting.values());
        waiting.clear();
        bySender.clear();
        all.forEach(pending -> pending.asker.failed(why));
    }

    int size() {
        return waiting.size();
    }
}
