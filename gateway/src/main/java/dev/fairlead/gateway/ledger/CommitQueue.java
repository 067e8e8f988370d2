package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.store.WriteUnit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What was decided about one thing, done one after the other: nothing is released before what was decided before it is
 * kept. While the database is away it waits, and goes on where it was. Confined to the context of its concern.
 */
public final class CommitQueue {
    private sealed interface Step {
        record Keep(Supplier<? extends WriteUnit<?>> fact, Consumer<Throwable> refused) implements Step {}

        record Release(Runnable effect) implements Step {}
    }

    private final Ledger ledger;
    private final Deque<Step> due = new ArrayDeque<>();
    private Optional<Promise<Void>> emptied = Optional.empty(); // where somebody waits for it
    private boolean running;
    private boolean keeping;
    private boolean waits;

    public CommitQueue(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * To be kept, after all before it and before all after it.
     *
     * @param fact asked for when it is its turn, and anew at each try; it bears to be kept twice
     * @param refused told where it cannot be kept for what it is; what comes after it is done then
     */
    public void keep(Supplier<? extends WriteUnit<?>> fact, Consumer<Throwable> refused) {
        due.add(new Step.Keep(fact, refused));
        run();
    }

    /** To be done once all before it is. */
    public void release(Runnable effect) {
        due.add(new Step.Release(effect));
        run();
    }

    /** What is decided at once: all of it is due before the first of it is done. */
    public void together(Runnable decisions) {
        boolean within = running;
        running = true;
        try {
            decisions.run();
        } finally {
            running = within;
        }
        run();
    }

    /** Whether everything so far is done. */
    public boolean isEmpty() {
        return due.isEmpty() && !keeping;
    }

    /** When everything so far is done. */
    public Future<Void> empty() {
        if (isEmpty()) {
            return Future.succeededFuture();
        }
        if (emptied.isEmpty()) {
            emptied = Optional.of(Promise.promise());
        }
        return emptied.get().future();
    }

    /** Whether the database did not take what is to be kept next. */
    public boolean isWaiting() {
        return waits;
    }

    private void run() {
        if (running) {
            return; // an effect has decided something more
        }
        running = true;
        try {
            while (!keeping && !due.isEmpty()) {
                Step step = due.removeFirst();
                if (step instanceof Step.Keep keep) {
                    keep(keep);
                } else if (step instanceof Step.Release release) {
                    release.effect().run();
                }
            }
        } finally {
            running = false;
        }
        if (emptied.isPresent() && isEmpty()) {
            Promise<Void> told = emptied.get();
            emptied = Optional.empty();
            told.complete();
        }
    }

    private void keep(Step.Keep keep) {
        keeping = true;
        ledger.keep(() -> unit(keep), () -> waits = true).onComplete(done -> {
            waits = false;
            keeping = false;
            if (done.failed() && Ledger.isEnd(done.cause())) {
                due.clear(); // the next gateway decides by what is kept
            } else if (done.failed()) {
                keep.refused().accept(done.cause());
            }
            run();
        });
    }

    private static WriteUnit<Object> unit(Step.Keep keep) {
        WriteUnit<?> unit = keep.fact().get();
        return unit::apply;
    }
}
