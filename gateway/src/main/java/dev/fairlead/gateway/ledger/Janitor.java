package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has been kept for long enough: of a fleet one node does it for all, the one that holds the lease
 * {@link LeaseName#JANITOR}, and each of its commits is made under that. Confined to the context of its concern.
 */
public final class Janitor {
    private static final Logger log = LoggerFactory.getLogger(Janitor.class);

    private final Ledger ledger;
    private final Ownership ownership;

    /** @param scheduler of the concern's context */
    public Janitor(Database database, Scheduler scheduler, Ownership ownership) {
        this.ledger = Ledger.of(database, scheduler, ownership, LeaseName.JANITOR);
        this.ownership = ownership;
    }

    /** Whether this node sees to it now. */
    public boolean isHere() {
        return ownership.fence(LeaseName.JANITOR).isPresent();
    }

    /**
     * Removes batch after batch until one is not full; does nothing where another node sees to it. What fails is logged
     * and is the next time's: this never fails.
     *
     * @param what is removed, for the log
     * @param batch how many a unit removes at most
     * @param removal removes a batch and says how many there were; asked for anew for each
     */
    public Future<Void> sweep(String what, int batch, Supplier<WriteUnit<Integer>> removal) {
        if (!isHere()) {
            return Future.succeededFuture();
        }
        return ledger.commitOrLose(removal.get()).transform(done -> {
            if (done.succeeded()) {
                return done.result() < batch ? Future.succeededFuture() : sweep(what, batch, removal);
            }
            if (!Ledger.isLost(done.cause()) && !Ledger.isEnd(done.cause())) {
                log.warn("Not removed though old: {}: {}", what, done.cause().getMessage());
            }
            return Future.succeededFuture();
        });
    }
}
