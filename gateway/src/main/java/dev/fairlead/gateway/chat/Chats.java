package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sessions with something under way; all others are in the store alone. Plain state. */
@StateMachine
final class Chats {
    private final ChatLimits limits;
    private final TimeSource time;
    private final Map<String, ChatSession> active = new HashMap<>();

    Chats(ChatLimits limits, TimeSource time) {
        this.limits = limits;
        this.time = time;
    }

    /**
     * Makes room for a message in a session.
     *
     * @throws FairleadException {@code SESSION_BUSY}, where the session or the whole gateway has too much under way
     */
    ChatSession reserve(String sessionId) {
        ChatSession session = active.get(sessionId);
        if (session == null) {
            if (active.size() >= ChatLimits.MAX_ACTIVE) {
                throw new FairleadException(
                        ErrorCode.CHAT_SESSION_BUSY,
                        ChatLimits.MAX_ACTIVE + " chats are under way on this gateway; try again later");
            }
            session = open(sessionId);
        }
        session.reserve();
        return session;
    }

    /** A session, made active. */
    ChatSession open(String sessionId) {
        return active.computeIfAbsent(sessionId, id -> new ChatSession(id, limits, time));
    }

    Optional<ChatSession> find(String sessionId) {
        return Optional.ofNullable(active.get(sessionId));
    }

    /** Forgets a session with nothing under way. */
    boolean release(String sessionId) {
        ChatSession session = active.get(sessionId);
        return session != null && session.isIdle() && active.remove(sessionId) != null;
    }

    /** Forgets a session, whatever is under way in it: it is elsewhere. */
    void drop(String sessionId) {
        active.remove(sessionId);
    }

    boolean isEmpty() {
        return active.isEmpty();
    }

    List<String> active() {
        return new ArrayList<>(active.keySet());
    }

    int running() {
        return (int) active.values().stream()
                .filter(session -> session.running().isPresent())
                .count();
    }

    /** Turns that run and wait for no person. */
    int atWork() {
        return (int) active.values().stream().filter(ChatSession::isAtWork).count();
    }

    int waiting() {
        return active.values().stream().mapToInt(ChatSession::waiting).sum();
    }
}
