package dev.fairlead.gateway.faces.openai;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns that run, and those that ended of late: each is kept before the chat is asked, told what the chat tells of
 * its session, and kept again at its end. Used on one event loop.
 */
final class Runs {
    private static final Logger log = LoggerFactory.getLogger(Runs.class);

    /** How long the same request is known again: clients wait up to ten minutes for an answer, and try three times. */
    static final Duration RETRIES = Duration.ofMinutes(40);

    /** Turns that ended whose events are at hand. */
    private static final int MOST_ENDED = 1_000;

    /** Characters of their events. */
    private static final long MOST_ENDED_CHARACTERS = 64L << 20;

    private final Bus bus;
    private final Database database;
    private final TimeSource time;
    private final String node;
    private final String chat;
    private final Map<String, Run> running = new HashMap<>();
    private final Map<String, Run> bySession = new HashMap<>();
    private final LinkedHashMap<String, Run> ended = new LinkedHashMap<>();
    private final Map<String, Long> reserved = new HashMap<>();
    private long endedCharacters;

    Runs(Bus bus, Database database, TimeSource time, String node) {
        this.bus = bus;
        this.database = database;
        this.time = time;
        this.node = node;
        this.chat = ChatCommands.place(node);
    }

    /**
     * Has a turn run.
     *
     * @return fails with what the chat refuses it with; nothing is left of it then
     */
    Future<Run> begin(Run run, RunRows.Stored stored, ChatCommands.Say say) {
        Run.Facts facts = run.facts();
        running.put(facts.id(), run);
        bySession.put(facts.sessionId(), run);
        reserved.put(facts.id(), stored.numbers());
        return database.write(c -> RunRows.add(c, stored, node))
                .compose(kept -> bus.requestAt(chat, say))
                .map(said -> {
                    run.accepted(said.turnId());
                    settle(run);
                    return run;
                })
                .onFailure(refused -> {
                    drop(run);
                    remove(facts.id());
                });
    }

    /** A turn whose events are at hand. */
    Optional<Run> find(String id, String owner) {
        return Optional.ofNullable(running.get(id))
                .or(() -> Optional.ofNullable(ended.get(id)))
                .filter(run -> run.facts().owner().equals(owner));
    }

    /** The turn that runs in a session. */
    Optional<Run> inSession(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId));
    }

    /** What is kept of the latest turn with the same request. */
    Future<Optional<RunRows.Stored>> same(String owner, String hash) {
        return database.write(c -> RunRows.same(c, owner, hash, time.instant().minus(RETRIES)));
    }

    /** A turn that ended, as it is kept: its events are at hand from now on. */
    Run recall(Run.Facts facts, Writer writer) {
        Run run = new Run(facts, Set.of(), writer);
        remember(run);
        return run;
    }

    void hear(ChatDelivery delivery) {
        if (delivery instanceof ChatDelivery.Frames frames) {
            inSession(frames.sessionId()).ifPresent(run -> hear(run, frames.frames()));
        } else if (delivery instanceof ChatDelivery.Gone gone) {
            inSession(gone.sessionId()).ifPresent(run -> {
                run.failed(ApiError.ofTurn("turn_aborted", "The session was deleted"));
                settle(run);
            });
        }
    }

    void hear(ChatEvent event) {
        if (event instanceof ChatEvent.TurnStarted started) {
            inSession(started.sessionId()).ifPresent(run -> run.started(started.turnId()));
        }
    }

    /** Forgets what is kept of completions that nobody sends again. */
    void prune() {
        database.write(c -> RunRows.prune(c, time.instant().minus(RETRIES)))
                .onFailure(failure -> log.debug("Not pruned: {}", failure.getMessage()));
    }

    private void hear(Run run, EncodedFrames frames) {
        frames.eachPayload(
                (bytes, offset, length) -> run.hear(FrameCodec.decode(bytes, offset, length, ChatFrame.class)));
        settle(run);
    }

    /** Keeps what must be kept of how far it is. */
    private void settle(Run run) {
        if (run.writer().isEnded() && running.remove(run.facts().id()) != null) {
            end(run);
        }
    }

    private void end(Run run) {
        Run.Facts facts = run.facts();
        drop(run);
        remember(run);
        OpenAiCommands.Reply reply = run.writer().reply();
        database.write(c -> RunRows.end(
                        c, facts.id(), reply.status(), run.writer().log().next(), EventLog.text(reply.body())))
                .onFailure(failure -> log.warn("The answer {} was not kept: {}", facts.id(), failure.getMessage()));
        if (facts.kind() == Run.Kind.COMPLETION) {
            forgetSession(facts);
        }
    }

    private void remember(Run run) {
        ended.put(run.facts().id(), run);
        endedCharacters += run.writer().log().characters();
        Iterator<Run> oldest = ended.values().iterator();
        while (oldest.hasNext() && (ended.size() > MOST_ENDED || endedCharacters > MOST_ENDED_CHARACTERS)) {
            endedCharacters -= oldest.next().writer().log().characters();
            oldest.remove();
        }
    }

    /** What its client keeps itself leaves nothing behind. */
    private void forgetSession(Run.Facts facts) {
        bus.requestAt(chat, new ChatCommands.Delete(facts.sessionId(), facts.owner(), "", false))
                .onFailure(failure -> log.debug("Session {} stays: {}", facts.sessionId(), failure.getMessage()));
    }

    private void drop(Run run) {
        running.remove(run.facts().id());
        bySession.remove(run.facts().sessionId(), run);
        reserved.remove(run.facts().id());
    }

    private void remove(String id) {
        database.write(c -> RunRows.remove(c, id))
                .onFailure(failure -> log.warn("Of the turn {} a row stays: {}", id, failure.getMessage()));
    }
}
