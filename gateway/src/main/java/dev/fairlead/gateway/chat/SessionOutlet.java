package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.ledger.CommitQueue;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what one session wants done, one after the other: nothing is told before what comes before it is committed.
 * While the database is away the session waits, and goes on where it was.
 */
final class SessionOutlet {
    private static final Logger log = LoggerFactory.getLogger(SessionOutlet.class);

    private final Ledger ledger;
    private final CommitQueue queue;
    private final TimeSource time;
    private final Consumer<Effect> stage;
    private final Homes.Guard guard;
    private final Consumer<SessionOutlet> lost;
    private final TurnReplay replay = new TurnReplay();
    /** Calls whose note that they begin could not be kept: without it they could happen twice. */
    private final Set<String> withheld = new HashSet<>();

    private long lastTold;
    private long changes;
    private boolean ended;

    /**
     * For one session.
     *
     * @param guard what each commit begins with
     * @param lost run once a commit says that the session is elsewhere: nothing more is told or done here then
     * @param stage does everything but keeping
     */
    SessionOutlet(
            Ledger ledger, TimeSource time, Homes.Guard guard, Consumer<SessionOutlet> lost, Consumer<Effect> stage) {
        this.guard = guard;
        this.lost = lost;
        this.ledger = ledger;
        this.queue = new CommitQueue(ledger);
        this.time = time;
        this.stage = stage;
    }

    void add(Collection<Effect> effects) {
        queue.together(() -> effects.forEach(this::add));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** When everything so far is done. */
    Future<Void> empty() {
        return queue.empty();
    }

    /** Whether the database has not answered for the last attempt. */
    boolean waitsForStorage() {
        return queue.isWaiting();
    }

    /** What was told of the turn that runs. */
    TurnReplay replay() {
        return replay;
    }

    /** The number of what was told last. */
    long lastTold() {
        return lastTold;
    }

    /** Rises whenever something is told, or gone, that {@link #replay} does not hold. */
    long changes() {
        return changes;
    }

    private void told(Numbered told) {
        replay.told(told);
        lastTold = Math.max(lastTold, told.n());
        if (told.frame() instanceof ChatFrame.AgentEvent) {
            changes++;
        }
    }

    private void add(Effect effect) {
        if (!(effect instanceof Effect.Keep keep)) {
            queue.release(() -> release(effect));
        } else if (keep.entry() instanceof ChatEntry.Piece || keep.entry() instanceof ChatEntry.PiecesDropped) {
            queue.release(() -> keepBeside(keep.entry()));
        } else {
            queue.keep(Ledger.once(mayBeKept -> unit(keep.entry(), mayBeKept)), cause -> refused(keep.entry(), cause));
        }
    }

    private void release(Effect effect) {
        if (ended) {
            return;
        }
        if (effect instanceof Effect.Tell tell) {
            told(tell.told());
        } else if (effect instanceof Effect.News) {
            replay.clear(); // a turn began or ended
            changes++;
        } else if (effect instanceof Effect.Shown shown) {
            shown.told().forEach(replay::told);
        } else if (effect instanceof Effect.Call call
                && withheld.remove(call.call().use().id())) {
            return;
        }
        stage.accept(effect);
    }

    /** Not waited for. The ledger keeps the order of what it is given: the end of the turn comes after this. */
    private void keepBeside(ChatEntry piece) {
        ledger.commit(unit(piece, false)).onFailure(cause -> {
            if (cause instanceof HomeRows.LostException) {
                end();
            } else if (!Database.isOutage(cause)) {
                log.warn("A piece of an answer was not kept: {}", cause.getMessage());
            }
        });
    }

    /** Nothing more is told or done: the session was taken up anew. */
    void abandon() {
        ended = true;
    }

    private void end() {
        if (!ended) {
            ended = true;
            lost.accept(this);
        }
    }

    private void refused(ChatEntry entry, Throwable cause) {
        if (cause instanceof HomeRows.LostException) {
            end();
            return;
        }
        log.error("Not kept: {} of turn {}", entry.getClass().getSimpleName(), entry.turnId(), cause);
        if (entry instanceof ChatEntry.Approved approved) {
            withheld.add(approved.callId());
        }
    }

    private WriteUnit<Void> unit(ChatEntry entry, boolean mayBeKept) {
        var now = time.instant();
        return c -> {
            guard.check(c);
            if (!mayBeKept || !ChatRepository.isKept(c, entry)) {
                ChatRepository.keep(c, entry, now);
            }
            return null;
        };
    }
}
