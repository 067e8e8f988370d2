package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what one session wants done, one after the other: nothing is told before what comes before it is committed.
 * While the database is away the session waits, and goes on where it was.
 */
final class SessionOutlet {
    private static final Logger log = LoggerFactory.getLogger(SessionOutlet.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Database database;
    private final TimeSource time;
    private final Scheduler scheduler;
    private final Consumer<Effect> stage;
    private final Deque<Effect> due = new ArrayDeque<>();
    private final TurnReplay replay = new TurnReplay();
    private Promise<Void> emptied = Promise.promise();
    private boolean keeping;
    private boolean waitsForStorage;
    private long lastTold;
    private long changes;

    /**
     * For one session.
     *
     * @param stage does everything but keeping
     */
    SessionOutlet(Database database, TimeSource time, Scheduler scheduler, Consumer<Effect> stage) {
        this.database = database;
        this.time = time;
        this.scheduler = scheduler;
        this.stage = stage;
    }

    void add(Collection<Effect> effects) {
        due.addAll(effects);
        run();
    }

    boolean isEmpty() {
        return due.isEmpty() && !keeping;
    }

    /** When everything so far is done. */
    Future<Void> empty() {
        return isEmpty() ? Future.succeededFuture() : emptied.future();
    }

    /** Whether the database has not answered for the last attempt. */
    boolean waitsForStorage() {
        return waitsForStorage;
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

    private void run() {
        while (!keeping && !due.isEmpty()) {
            Effect effect = due.removeFirst();
            if (effect instanceof Effect.Keep keep) {
                keep(keep.entry());
            } else {
                if (effect instanceof Effect.Tell tell) {
                    told(tell.told());
                } else if (effect instanceof Effect.News) {
                    replay.clear(); // a turn began or ended
                    changes++;
                }
                if (effect instanceof Effect.Shown shown) {
                    shown.told().forEach(replay::told);
                }
                stage.accept(effect);
            }
        }
        if (isEmpty()) {
            Promise<Void> told = emptied;
            emptied = Promise.promise();
            told.complete();
        }
    }

    private void keep(ChatEntry entry) {
        if (entry instanceof ChatEntry.Piece || entry instanceof ChatEntry.PiecesDropped) {
            // The writer keeps the order of what it is given: the end of the turn comes after this.
            write(entry).onFailure(cause -> {
                if (!Database.isOutage(cause)) {
                    log.warn("A piece of an answer was not kept: {}", cause.getMessage());
                }
            });
            return;
        }
        keeping = true;
        attempt(entry);
    }

    private void attempt(ChatEntry entry) {
        write(entry).onComplete(done -> {
            if (done.failed() && Database.isOutage(done.cause())) {
                waitsForStorage = true;
                scheduler.after(RETRY, () -> attempt(entry));
                return;
            }
            if (done.failed()) {
                log.error("Not kept: {} of turn {}", entry.getClass().getSimpleName(), entry.turnId(), done.cause());
                if (entry instanceof ChatEntry.Approved approved) {
                    // Without the note that it begins, it could happen twice.
                    due.removeIf(next -> next instanceof Effect.Call call
                            && call.call().use().id().equals(approved.callId()));
                }
            }
            waitsForStorage = false;
            keeping = false;
            run();
        });
    }

    private Future<Void> write(ChatEntry entry) {
        var now = time.instant();
        return database.write(c -> {
            ChatRepository.keep(c, entry, now);
            return null;
        });
    }
}
