package dev.fairlead.gateway.faces.openai;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Numbers that are reserved at once for the events of a response. */
    static final long NUMBERS = 1_000;

    /** Responses of one owner that can be fetched; those before are forgotten. */
    private static final int MOST_RESPONSES = 500;

    /** Turns that ended whose events are at hand. */
    private static final int MOST_ENDED = 1_000;

    /** Characters of their events. */
    private static final long MOST_ENDED_CHARACTERS = 64L << 20;

    private final Bus bus;
    private final Ledger ledger;
    private final TimeSource time;
    private final String node;
    private final String chat;
    private final Backlog<String> removals;
    private final Map<String, Run> running = new HashMap<>();
    private final Map<String, Run> bySession = new HashMap<>();
    private final LinkedHashMap<String, Run> ended = new LinkedHashMap<>();
    private final Map<String, Long> reserved = new HashMap<>();
    private long endedCharacters;
    private long position; // of what the chat told last, in whatever session

    Runs(Bus bus, Ledger ledger, TimeSource time, String node) {
        this.bus = bus;
        this.ledger = ledger;
        this.time = time;
        this.node = node;
        this.chat = ChatCommands.place(node);
        this.removals = new Backlog<>(ledger, "the table of answers", (c, ids) -> {
            for (String id : ids) {
                RunRows.remove(c, id);
            }
        });
    }

    /**
     * Has a turn run.
     *
     * @return fails with what the chat refuses it with; nothing is left of it then
     */
    Future<Run> begin(Run run, RunRows.Stored stored, ChatCommands.Say say) {
        Run.Facts facts = run.facts();
        takeUp(run, stored.numbers());
        return ledger.commit(c -> RunRows.add(c, stored, node))
                .compose(kept -> bus.requestAt(chat, say))
                .map(said -> {
                    run.accepted(said.turnId());
                    settle(run);
                    forgetOldest(facts);
                    return run;
                })
                .onFailure(refused -> {
                    drop(run);
                    remove(facts.id());
                });
    }

    /** A turn that runs is told what happens in its session from now on. */
    void takeUp(Run run, long numbers) {
        Run.Facts facts = run.facts();
        running.put(facts.id(), run);
        bySession.put(facts.sessionId(), run);
        if (facts.kind() == Run.Kind.RESPONSE) {
            reserved.put(facts.id(), numbers);
            run.writer().log().allow(numbers);
            settle(run);
        }
    }

    /** A turn that the chat knows nothing of: who asks again is answered anew. */
    Future<Void> neverBegun(Run.Facts facts) {
        return rows(c -> RunRows.remove(c, facts.id())).mapEmpty();
    }

    /** What was under way when the gateway ended. */
    List<RunRows.Stored> unfinished(WriteConnection c) throws SQLException {
        return RunRows.running(c, node);
    }

    /** What ran on nodes that are not there any more is this one's from now on. */
    List<RunRows.Stored> orphans(WriteConnection c) throws SQLException {
        return RunRows.adopt(c, node);
    }

    /** What is kept of turns. */
    <T> Future<T> rows(WriteUnit<T> unit) {
        return ledger.commit(unit);
    }

    /** Forgets a turn that ended, and its session where no other is in it. */
    Future<Long> forget(Run.Facts facts) {
        return ledger.commit(c -> {
                    long others = RunRows.others(c, facts.sessionId(), facts.id());
                    RunRows.remove(c, facts.id());
                    return others;
                })
                .onSuccess(others -> {
                    Optional.ofNullable(ended.remove(facts.id()))
                            .ifPresent(
                                    run -> endedCharacters -= run.writer().log().characters());
                    if (others == 0) {
                        forgetSession(facts);
                    }
                });
    }

    /** A turn whose events are at hand. */
    Optional<Run> find(String id, String owner) {
        // Of what was put off, numbers may have to be reserved before it can be shown.
        Optional.ofNullable(running.get(id)).ifPresent(this::settle);
        return Optional.ofNullable(running.get(id))
                .or(() -> Optional.ofNullable(ended.get(id)))
                .filter(run -> run.facts().owner().equals(owner));
    }

    /** The turn that runs in a session. */
    Optional<Run> inSession(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId));
    }

    /** The sessions in which turns run. */
    Set<String> sessions() {
        return Set.copyOf(bySession.keySet());
    }

    /** What is kept of the latest turn with the same request. */
    Future<Optional<RunRows.Stored>> same(String owner, String hash) {
        return ledger.commit(c -> RunRows.same(c, owner, hash, time.instant().minus(RETRIES)));
    }

    /** A turn that ended, as it is kept: its events are at hand from now on. */
    Run recall(Run.Facts facts, Writer writer) {
        Run run = new Run(facts, Set.of(), writer);
        remember(run);
        return run;
    }

    void hear(ChatDelivery delivery) {
        if (delivery instanceof ChatDelivery.Frames frames) {
            position = frames.position();
            inSession(frames.sessionId()).ifPresent(run -> hear(run, frames.frames()));
        } else if (delivery instanceof ChatDelivery.Gone gone) {
            inSession(gone.sessionId()).ifPresent(run -> {
                run.gone();
                settle(run);
            });
        }
    }

    void hear(ChatEvent event) {
        if (event instanceof ChatEvent.TurnStarted started) {
            inSession(started.sessionId()).ifPresent(run -> run.started(started.turnId()));
        }
    }

    /**
     * Where a turn stands, for who has read its events up to a number and has heard the chat up to a position. Empty
     * where there is more to be read, be it not shown yet, for only here it is known when it is; or where the chat has
     * told them more than has come here.
     */
    Optional<OpenAiCommands.Live> live(Run run, long after, long heard) {
        return heard <= position && run.writer().log().isAtEnd(after)
                ? run.state().map(state -> new OpenAiCommands.Live(run.facts(), position, state))
                : Optional.empty();
    }

    /** What its session was told. */
    void hear(Run run, EncodedFrames frames) {
        if (run.hear(frames)) {
            settle(run);
        }
    }

    /** Keeps what must be kept of how far it is. */
    void settle(Run run) {
        String id = run.facts().id();
        if (run.writer().isEnded() && running.remove(id) != null) {
            end(run);
            return;
        }
        EventLog events = run.writer().log();
        Long numbers = reserved.get(id);
        if (numbers != null && events.next() > numbers - NUMBERS / 2) {
            long more = events.next() + NUMBERS;
            reserved.put(id, more);
            ledger.keep(() -> c -> RunRows.reserve(c, id, more), () -> {})
                    .onSuccess(kept -> {
                        events.allow(run.writer().isEnded() ? Long.MAX_VALUE : more);
                        run.tell();
                    })
                    .onFailure(failure -> reserved.replace(id, more, numbers)); // the next event tries again
        }
    }

    private void end(Run run) {
        Run.Facts facts = run.facts();
        drop(run);
        remember(run);
        int status = run.writer().reply().status();
        EventLog events = run.writer().log();
        String answer = FrameCodec.text(run.writer().body());
        long numbers = events.next();
        ledger.keep(() -> c -> RunRows.end(c, facts.id(), status, numbers, answer), () -> {})
                .onFailure(failure -> log.warn("The answer {} was not kept: {}", facts.id(), failure.getMessage()))
                .onComplete(kept -> {
                    events.allow(Long.MAX_VALUE);
                    run.tell();
                });
        if (facts.kind() != Run.Kind.RESPONSE) {
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

    private void forgetOldest(Run.Facts facts) {
        if (facts.kind() == Run.Kind.RESPONSE) {
            ledger.commit(c -> RunRows.beyond(c, facts.owner(), MOST_RESPONSES))
                    .onSuccess(old -> old.forEach(one -> forget(one.facts())));
        }
    }

    private void drop(Run run) {
        running.remove(run.facts().id());
        bySession.remove(run.facts().sessionId(), run);
        reserved.remove(run.facts().id());
    }

    /** A row that stays all the same is of a turn that never began, as the next start finds out. */
    private void remove(String id) {
        removals.add(id);
    }
}
