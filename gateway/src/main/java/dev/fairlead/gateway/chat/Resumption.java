package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes up what a node had under way when it ended. Turns go on where they are stored; a call that was under way is
 * looked up; one that waits for a person waits on. A turn that cannot go on, or has tried often enough, ends as
 * interrupted.
 */
final class Resumption {
    /** How often a turn goes on: it may be what ends the gateway. */
    static final int MOST = 3;

    private final Ledger ledger;
    private final ChatQueries queries;
    private final ChatBacklog backlog;
    private final ChatAgents agents;
    private final Chats chats;
    private final TimeSource time;
    private final String node;
    private final TurnSpans spans;
    private final Map<String, Long> numbers = new HashMap<>();

    Resumption(
            Ledger ledger,
            ChatQueries queries,
            ChatBacklog backlog,
            ChatAgents agents,
            Chats chats,
            TimeSource time,
            String node,
            TurnSpans spans) {
        this.spans = spans;
        this.ledger = ledger;
        this.queries = queries;
        this.backlog = backlog;
        this.agents = agents;
        this.chats = chats;
        this.time = time;
        this.node = node;
    }

    /**
     * As {@link #takeUp()}, of one session that this node has come to have.
     *
     * @param guard that it still does
     */
    Future<Set<String>> takeUp(String sessionId, Homes.Guard guard) {
        return ledger.commit(c -> ChatRepository.unfinishedIn(c, sessionId))
                .compose(unfinished -> queries.calls("pending").compose(pending -> queries.calls("running")
                        .compose(
                                running -> takeUp(unfinished, in(sessionId, pending), in(sessionId, running), guard))));
    }

    private static List<ChatQueries.Waiting> in(String sessionId, List<ChatQueries.Waiting> calls) {
        return calls.stream().filter(call -> call.sessionId().equals(sessionId)).toList();
    }

    /** The sessions with something under way; what they want done is theirs to {@link ChatSession#take}. */
    Future<Set<String>> takeUp() {
        return ledger.commit(c -> ChatRepository.unfinished(c, node))
                .compose(unfinished -> queries.calls("pending").compose(pending -> queries.calls("running")
                        .compose(running -> takeUp(unfinished, pending, running, c -> {}))));
    }

    private Future<Set<String>> takeUp(
            List<ChatRepository.Unfinished> unfinished,
            List<ChatQueries.Waiting> pending,
            List<ChatQueries.Waiting> running,
            Homes.Guard guard) {
        List<ChatRepository.Unfinished> go =
                unfinished.stream().filter(this::canGoOn).toList();
        Set<String> sessions = new LinkedHashSet<>();
        go.forEach(turn -> sessions.add(turn.sessionId()));
        pending.forEach(call -> sessions.add(call.sessionId()));
        List<String> turns = go.stream().map(ChatRepository.Unfinished::turnId).toList();
        return reserve(unfinished, go, sessions, guard)
                .compose(reserved -> shown(go))
                .map(shown -> {
                    pending.forEach(this::waits);
                    for (int i = 0; i < go.size(); i++) {
                        goOn(go.get(i), shown.get(i));
                    }
                    running.stream()
                            .filter(call -> turns.contains(call.turnId()))
                            .forEach(call -> session(call.sessionId()).reopen(call.turnId(), call.use(), call.n()));
                    return sessions;
                });
    }

    private Future<?> reserve(
            List<ChatRepository.Unfinished> unfinished,
            List<ChatRepository.Unfinished> go,
            Set<String> sessions,
            Homes.Guard guard) {
        return ledger.commit(c -> {
                    guard.check(c);
                    for (ChatRepository.Unfinished turn : unfinished) {
                        if (go.contains(turn)) {
                            ChatRepository.goesOn(c, turn.turnId(), node);
                        } else {
                            ChatRepository.interrupt(c, turn, time.instant());
                        }
                    }
                    Map<String, Long> reserved = new HashMap<>();
                    for (String session : sessions) {
                        reserved.put(session, ChatRepository.reserve(c, session));
                    }
                    return reserved;
                })
                .onSuccess(numbers::putAll);
    }

    /** What was told of the turns that ran, for those who join them. */
    private Future<List<List<Numbered>>> shown(List<ChatRepository.Unfinished> turns) {
        Future<List<List<Numbered>>> all = Future.succeededFuture(new ArrayList<>());
        for (ChatRepository.Unfinished turn : turns) {
            all = all.compose(before -> turn.ran()
                    ? backlog.after(turn.sessionId(), turn.n()).map(page -> {
                        before.add(page.frames().stream()
                                .filter(told -> told.frame() instanceof ChatFrame.ToolCall
                                        || told.frame() instanceof ChatFrame.ToolResult)
                                .toList());
                        return before;
                    })
                    : Future.succeededFuture(before).onSuccess(list -> list.add(List.of())));
        }
        return all;
    }

    private boolean canGoOn(ChatRepository.Unfinished turn) {
        try {
            return turn.resumes() < MOST && turn.agent().map(agents::require).isPresent();
        } catch (FairleadException nobody) {
            return false;
        }
    }

    private void waits(ChatQueries.Waiting call) {
        // Of an agent's own calls the agent has forgotten what it asked.
        Duration left = call.use().own()
                ? Duration.ZERO
                : Duration.between(time.instant(), call.expiresAt().orElse(time.instant()));
        session(call.sessionId()).restore(call.turnId(), call.use(), left, call.n());
    }

    private void goOn(ChatRepository.Unfinished turn, List<Numbered> shown) {
        ChatAgent agent = agents.require(turn.agent().orElseThrow()).agent();
        session(turn.sessionId())
                .resume(
                        new Turn(
                                turn.turnId(),
                                turn.sessionId(),
                                turn.content(),
                                turn.pageContext(),
                                turn.agent().orElseThrow(),
                                agent.provider(),
                                agent.silence(),
                                turn.owner(),
                                turn.address(),
                                "",
                                turn.takesAlong(),
                                spans.goesOn(turn, turn.agent().orElseThrow(), agent.provider()),
                                turn.ran()),
                        turn.n(),
                        shown);
    }

    private ChatSession session(String id) {
        Optional<ChatSession> known = chats.find(id);
        return known.orElseGet(() -> {
            ChatSession session = chats.open(id);
            session.numbers(numbers.get(id));
            return session;
        });
    }
}
