package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what the message bus decides to the database and back: all that came up in one turn of the event loop, or
 * while the batch before was under way, is one batch, so that a group of any size waits for the disk once. Answers and
 * news go out after the commit. After a failed one nothing is known of it: everybody who waits is told so, and the
 * state is read again.
 */
final class Commits {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);
    private static final Duration RECOVERY_PERIOD = Duration.ofMillis(500);

    private record Waiting<R>(Promise<R> promise, Supplier<R> answer) {
        void complete() {
            R answered;
            try {
                answered = answer.get();
            } catch (FairleadException refusal) {
                promise.fail(refusal);
                return;
            }
            promise.complete(answered);
        }
    }

    private final MessageBus messages;
    private final MessageStore store;
    private final Scheduler scheduler;
    private final Context context;
    private final Consumer<Batch.Released> released;
    private List<Waiting<?>> waiting = new ArrayList<>();
    private final Runnable lost;
    private boolean read;
    private boolean ready;
    private boolean ended;
    private boolean underWay;
    private boolean scheduled;
    private boolean stopping;
    private final Promise<Void> stopped = Promise.promise();

    /** @param lost run where a commit says that another node keeps this by now; it has {@link #end ended} then */
    Commits(
            MessageBus messages,
            MessageStore store,
            Scheduler scheduler,
            Context context,
            Consumer<Batch.Released> released,
            Runnable lost) {
        this.messages = messages;
        this.store = store;
        this.scheduler = scheduler;
        this.context = context;
        this.released = released;
        this.lost = lost;
    }

    /**
     * Reads what is kept; from then on there is something to answer from.
     *
     * @param first what has to be there before anything is committed, and is made of what was read
     */
    Future<Void> begin(Supplier<Future<Void>> first) {
        return store.load().compose(open -> first.get().map(done -> go(open)));
    }

    /** As {@link #begin}, however often the database has to be asked. */
    void open() {
        recover();
    }

    private Void go(MessageStore.Open open) {
        if (!ended) {
            messages.clear();
            messages.restore(open.messages(), open.lastNumber(), open.epochs());
            read = true;
            ready = true;
            changed();
        }
        return null;
    }

    /**
     * This node keeps it no more: what is in hand is forgotten at once, and whoever waits for something that is not on
     * its way to the database is refused. What is on its way is refused there, or was kept before.
     *
     * @param refusal what they are told
     */
    void end(FairleadException refusal) {
        ended = true;
        ready = false;
        List<Waiting<?>> all = waiting;
        waiting = new ArrayList<>();
        messages.clear();
        all.forEach(one -> one.promise().fail(refusal));
    }

    /** Whether the state in memory is that of the database. */
    boolean isReady() {
        return ready;
    }

    /**
     * Refuses what cannot be decided now.
     *
     * @throws FairleadException {@code storage_unavailable}
     */
    void requireReady() {
        if (!ready) {
            throw new FairleadException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    read
                            ? "The database does not answer; nothing was changed. Try again in a moment"
                            : "This node has just taken this over and reads what is kept of it; try again in a moment",
                    Duration.ofSeconds(1));
        }
    }

    /** Completes with the answer, or its refusal, once all that was decided so far is committed. */
    <R> Future<R> after(Supplier<R> answer) {
        Promise<R> promise = Promise.promise();
        waiting.add(new Waiting<>(promise, answer));
        changed();
        return promise.future();
    }

    /** Something may have to be committed: at the end of this turn of the event loop. */
    void changed() {
        if (!scheduled && !underWay) {
            scheduled = true;
            context.runOnContext(turn -> commit());
        }
    }

    /** Completes when nothing is under way any more. */
    Future<Void> stop() {
        stopping = true;
        commit();
        return stopped.future();
    }

    private void commit() {
        scheduled = false;
        if (underWay) {
            return;
        }
        Batch batch = ready ? messages.take() : Batch.EMPTY;
        List<Waiting<?>> told = waiting;
        waiting = new ArrayList<>();
        if (batch.isEmpty()) {
            told.forEach(Waiting::complete);
            if (stopping) {
                stopped.tryComplete();
            }
            return;
        }
        underWay = true;
        store.write(batch).onComplete(done -> {
            underWay = false;
            if (done.succeeded()) {
                Batch.Released out = messages.committed(batch, done.result());
                told.forEach(Waiting::complete);
                released.accept(out);
            } else {
                failed(told, done.cause());
            }
            if (stopping || !waiting.isEmpty() || messages.hasWork()) {
                changed();
            }
        });
    }

    private void failed(List<Waiting<?>> told, Throwable cause) {
        ready = false;
        FairleadException refusal = Bus.refusal(Ledger.shown(cause));
        if (refusal.code() == ErrorCode.INTERNAL) {
            log.error("Messages could not be kept", cause);
        }
        List<Waiting<?>> all = new ArrayList<>(told);
        all.addAll(waiting);
        waiting = new ArrayList<>();
        messages.clear();
        all.forEach(one -> one.promise().fail(refusal));
        if (Ledger.isLost(cause)) {
            ended = true;
            lost.run();
        }
        recover();
    }

    private void recover() {
        if (stopping || ended) {
            return;
        }
        store.load().map(this::go).onFailure(cause -> scheduler.after(RECOVERY_PERIOD, this::recover));
    }
}
