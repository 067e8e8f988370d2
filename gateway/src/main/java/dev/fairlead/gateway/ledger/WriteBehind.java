package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has happened to things that do not wait for a database, such as processes: it is acted on at once, and where it
 * could not be kept by then, what is true of the thing is kept when the database is back. Holds an entry for each thing
 * that is behind. Confined to the context of its concern.
 *
 * @param <K> what tells one thing from another
 * @param <T> what keeping says
 */
public final class WriteBehind<K, T> {
    /** So long the database is waited for; then it goes on without. */
    public static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(WriteBehind.class);

    /** A thing that is behind. */
    private static final class Behind<T> {
        /** What is on its way to the database is out of date. */
        private boolean changed;

        private boolean underWay;
        private Supplier<WriteUnit<T>> fact;
    }

    private final Ledger ledger;
    private final BiConsumer<K, T> caughtUp;
    private final Map<K, Behind<T>> behind = new HashMap<>();

    /** @param caughtUp told when what is true of a thing that was behind is kept, with what its unit said */
    public WriteBehind(Ledger ledger, BiConsumer<K, T> caughtUp) {
        this.ledger = ledger;
        this.caughtUp = caughtUp;
    }

    /**
     * Something has happened to a thing. Completes with true once it is kept, and with false where it is to be acted on
     * though it is not: within {@link #PATIENCE}, and at once for a thing that is behind already. Never fails.
     *
     * @param happening keeps it
     * @param fact keeps what is true of the thing by then, whatever is kept of it already; asked for at each try
     */
    public Future<Boolean> happened(K thing, WriteUnit<?> happening, Supplier<WriteUnit<T>> fact) {
        if (behind.containsKey(thing)) {
            fallBehind(thing, fact);
            return Future.succeededFuture(false);
        }
        Promise<Boolean> waited = Promise.promise();
        Scheduler.Cancellable enough = ledger.scheduler().after(PATIENCE, () -> waited.tryComplete(false));
        ledger.commit(happening).onComplete(done -> waited.tryComplete(done.succeeded()));
        return waited.future().onSuccess(kept -> {
            enough.cancel();
            if (!kept) {
                fallBehind(thing, fact);
            }
        });
    }

    /** What is true of a thing has changed otherwise: what is on its way to the database is out of date. */
    public void changed(K thing) {
        Behind<T> known = behind.get(thing);
        if (known != null) {
            known.changed = true;
        }
    }

    /** Whether what is true of a thing is not kept yet. */
    public boolean isBehind(K thing) {
        return behind.containsKey(thing);
    }

    private void fallBehind(K thing, Supplier<WriteUnit<T>> fact) {
        Behind<T> late = behind.computeIfAbsent(thing, ignored -> new Behind<>());
        late.changed = true;
        late.fact = fact;
        if (!late.underWay) {
            late.underWay = true;
            ledger.scheduler().after(Ledger.RETRY, () -> catchUp(thing, late));
        }
    }

    private void catchUp(K thing, Behind<T> late) {
        ledger.keep(
                        () -> {
                            late.changed = false;
                            return late.fact.get();
                        },
                        () -> {})
                .onComplete(done -> {
                    if (done.failed()) {
                        late.underWay = false; // what happens next to it may be taken
                        if (!Ledger.isEnd(done.cause())) {
                            log.error("What has become of '{}' cannot be stored", thing, done.cause());
                        }
                    } else if (late.changed) {
                        catchUp(thing, late);
                    } else {
                        behind.remove(thing);
                        caughtUp.accept(thing, done.result());
                    }
                });
    }
}
