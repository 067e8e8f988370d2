package dev.fairlead.gateway.edge.socket;

import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes, at the end of a turn of one event loop, every outbox that got something in it: one write a socket a turn.
 */
public final class LoopFlusher {
    private final Context context;
    private final TimeSource time;
    private List<Outbox> due = new ArrayList<>();
    private List<Outbox> spare = new ArrayList<>();
    private boolean scheduled;

    /** For the event loop of {@code context}. */
    public LoopFlusher(Context context, TimeSource time) {
        this.context = context;
        this.time = time;
    }

    void schedule(Outbox outbox) {
        if (outbox.flushScheduled) {
            return;
        }
        outbox.flushScheduled = true;
        due.add(outbox);
        if (!scheduled) {
            scheduled = true;
            context.runOnContext(ignored -> flush());
        }
    }

    long now() {
        return time.nanos();
    }

    private void flush() {
        scheduled = false;
        List<Outbox> now = due;
        due = spare;
        for (Outbox outbox : now) {
            outbox.flush();
        }
        now.clear();
        spare = now;
    }
}
