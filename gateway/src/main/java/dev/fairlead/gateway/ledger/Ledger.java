package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.LeaseLostException;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How what a concern has decided becomes true: committed first, under the fences of what the concern acts for, and then
 * released, which is when it is answered, told and followed. What is handed over together is committed together, and
 * released in the order in which it was handed over.
 *
 * <p>It has one way through an outage of the database, and that depends on what was decided. What is only wanted is
 * refused while it cannot be kept: {@link #commit}. What is true already cannot be refused. Either all that comes after
 * it waits until it is kept ({@link #keep}, and {@link CommitQueue} for many in a row), or, where a process or a
 * person's safety would wait with it, it is acted on at once, told as not stored, and kept when the database is back:
 * {@link WriteBehind}; or it is told already and many of its kind are kept behind it: {@link Backlog}.
 *
 * <p>Confined to the context of its concern.
 */
public final class Ledger {
    /** Between two tries to keep what is true already. */
    static final Duration RETRY = Duration.ofMillis(500);

    /** What takes the commits; a node's database. */
    @FunctionalInterface
    interface Journal {
        <T> Future<T> write(List<Fence> under, WriteUnit<T> unit);
    }

    /** What this node may act for, by the names of leases, which are asked for only where there are any. */
    @FunctionalInterface
    interface Rights {
        /**
         * The fences under which this node may act for them.
         *
         * @throws NotOwnerException if it may not act for one of them
         */
        List<Fence> under(Supplier<? extends Collection<LeaseName>> names);
    }

    private final Journal journal;
    private final Rights rights;
    private final List<LeaseName> names;
    private final Scheduler scheduler;

    Ledger(Journal journal, Rights rights, List<LeaseName> names, Scheduler scheduler) {
        this.journal = journal;
        this.rights = rights;
        this.names = names;
        this.scheduler = scheduler;
    }

    /**
     * Of what is this node's whoever else is there: its processes, its sockets.
     *
     * @param scheduler of the concern's context
     */
    public static Ledger of(Database database, Scheduler scheduler) {
        return new Ledger(database::write, names -> List.of(), List.of(), scheduler);
    }

    /**
     * Of what one node at a time acts for: each commit holds those leases, or is refused; and beside them what it names
     * itself.
     */
    public static Ledger of(Database database, Scheduler scheduler, Ownership ownership, LeaseName... names) {
        return new Ledger(
                database::write,
                asked -> ownership.isAlone() ? List.of() : ownership.under(asked.get()),
                List.of(names),
                scheduler);
    }

    /**
     * Of what this node acts for under that very right: once it is lost nothing is committed under it any more, though
     * the same were gained anew. So that what was decided by what one knew then never stands under a later right.
     */
    public static Ledger of(Database database, Scheduler scheduler, Ownership ownership, Fence right) {
        return new Ledger(database::write, asked -> ownership.under(right), List.of(), scheduler);
    }

    /**
     * Keeps what is wanted; completes after the commit. Fails as {@link Database#write(WriteUnit)} does, and with
     * {@code storage_unavailable} where another node acts for it by now.
     */
    public <T> Future<T> commit(WriteUnit<T> wanted) {
        return write(wanted).recover(failure -> Future.failedFuture(shown(failure)));
    }

    /**
     * As {@link #commit(WriteUnit)}, with what is to follow.
     *
     * @param release run after the commit and before who asked has the answer; not run where nothing was kept
     */
    public <T> Future<T> commit(WriteUnit<T> wanted, Consumer<T> release) {
        return commit(wanted).map(kept -> {
            release.accept(kept);
            return kept;
        });
    }

    /**
     * As {@link #commit(WriteUnit)}, but where another node acts for it by now, it fails as {@link #isLost} knows, for
     * callers that drop what they have in hand then; {@link #shown} is what their own are told.
     */
    public <T> Future<T> commitOrLose(WriteUnit<T> wanted) {
        return write(wanted);
    }

    /** Whether a failure of {@link #commitOrLose} says that this node does not act for it any more. */
    public static boolean isLost(Throwable failure) {
        return failure instanceof LeaseLostException || failure instanceof NotOwnerException;
    }

    /**
     * As {@link #commit(WriteUnit)}, of what is shared out among nodes.
     *
     * @param leases of what it is about; not asked where this node is alone
     * @param wanted what is kept, given the fences of those leases in the order of their names; none where alone
     */
    public <T> Future<T> commit(
            Supplier<? extends Collection<LeaseName>> leases, Function<List<Fence>, WriteUnit<T>> wanted) {
        return write(leases, wanted).recover(failure -> Future.failedFuture(shown(failure)));
    }

    /**
     * Keeps what is true already; completes after the commit, however long the database is away before. Where it was
     * not said whether a commit was kept it is kept again: the unit bears that. Fails only where it is refused for what
     * it is, where another node acts for it by now, and where the gateway ends.
     *
     * @param fact what is true, asked for anew at each try
     * @param delayed run each time that the database did not take it
     */
    public <T> Future<T> keep(Supplier<WriteUnit<T>> fact, Runnable delayed) {
        Promise<T> kept = Promise.promise();
        attempt(fact, delayed, kept);
        return kept.future();
    }

    /**
     * What is true for {@link #keep}, where its unit does not bear to be kept twice.
     *
     * @param unit makes one for each try, told whether one before may have been kept, its answer lost
     */
    public static <T> Supplier<WriteUnit<T>> once(Function<Boolean, WriteUnit<T>> unit) {
        AtomicBoolean tried = new AtomicBoolean();
        return () -> unit.apply(tried.getAndSet(true));
    }

    /** Whether a failure of this ledger says no more than that the gateway ends: nobody needs to hear of it. */
    public static boolean isEnd(Throwable failure) {
        return Bus.refusal(failure).code() == ErrorCode.SHUTTING_DOWN;
    }

    private <T> void attempt(Supplier<WriteUnit<T>> fact, Runnable delayed, Promise<T> kept) {
        write(fact.get()).onComplete(done -> {
            if (done.succeeded()) {
                kept.complete(done.result());
            } else if (Database.isOutage(done.cause())) {
                delayed.run();
                scheduler.after(RETRY, () -> attempt(fact, delayed, kept));
            } else {
                kept.fail(shown(done.cause()));
            }
        });
    }

    private <T> Future<T> write(WriteUnit<T> unit) {
        return write(List::of, fences -> unit);
    }

    private <T> Future<T> write(
            Supplier<? extends Collection<LeaseName>> leases, Function<List<Fence>, WriteUnit<T>> unit) {
        try {
            List<Fence> under = rights.under(() -> all(leases.get()));
            return journal.write(under, unit.apply(under));
        } catch (NotOwnerException lost) {
            return Future.failedFuture(lost);
        }
    }

    private List<LeaseName> all(Collection<LeaseName> leases) {
        List<LeaseName> all = new ArrayList<>(names);
        all.addAll(leases);
        return all;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** A failure as those who asked are told it. */
    public static Throwable shown(Throwable failure) {
        if (failure instanceof LeaseLostException lost) {
            return lost.refusal();
        }
        return failure instanceof NotOwnerException not ? not.refusal() : failure;
    }
}
