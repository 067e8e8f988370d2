package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.NodeEvent;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.AgentData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be asked of the chats of a node, at its {@link #place}. A session of somebody else is refused with
 * {@code forbidden}, one that does not exist with {@code session_not_found}. {@code owner} is who asks, as their
 * credentials prove, {@code address} from where. What was said does not show in {@code toString}.
 */
public final class ChatCommands {
    private ChatCommands() {}

    /** The bus place of a node's chats. */
    public static String place(String node) {
        return node + "/chat";
    }

    /** Where a node is asked, by others, for the sessions that it has itself. */
    public static String home(String node) {
        return node + "/chat/home";
    }

    /** Where a node is told what happens in sessions of others. */
    public static String relay(String node) {
        return node + "/chat/relay";
    }

    /**
     * Has a node told what happens in a session from now on, at its {@link #relay}. Asked at the {@link #home}, which
     * refuses with {@code storage_unavailable} where the session is elsewhere by now.
     */
    public record Follow(String sessionId, String node) implements Request<Following> {}

    /**
     * It is.
     *
     * @param n up to which number all was told before
     */
    public record Following(long n) {}

    /** Has it told nothing any more. */
    public record Unfollow(String sessionId, String node) implements Request<Unfollowed> {}

    public record Unfollowed() {}

    /** Which sessions somebody looks at on this node, told at its {@link #place} every {@link #VIEWED_EVERY}. */
    public record Viewed(Set<String> sessionIds) implements NodeEvent {
        public Viewed {
            sessionIds = Set.copyOf(sessionIds);
        }
    }

    public static final Duration VIEWED_EVERY = Duration.ofSeconds(20);

    /**
     * Looks a session up for a socket; one that does not exist yet comes to be with its first message. Refused with
     * {@code bad_request} where the id or the name is none.
     *
     * @param sessionId a new one is made where absent
     * @param agent who is to answer; the session's own where absent, or else the setting {@code chat.agent}
     */
    public record Open(Optional<String> sessionId, Optional<String> name, Optional<String> agent, String owner)
            implements Request<Opened> {}

    /**
     * A session as a socket is told it.
     *
     * @param resumed whether it has messages
     * @param problem why its agent cannot answer at all
     */
    public record Opened(
            String sessionId, Optional<String> name, boolean resumed, int messageCount, Optional<String> problem) {}

    /**
     * Asks for what was told so far, and where the news goes on from there.
     *
     * @param after the last number a socket has seen: it is told all above it; absent, the turn that runs alone
     */
    public record Attach(String sessionId, Optional<Long> after) implements Request<Attached> {}

    /**
     * Where a socket stands.
     *
     * @param position frames told up to it are in {@code replay} or need no telling
     * @param n the number of the last frame in {@code replay}, or the one asked after
     * @param replay what it has missed: the turn that runs, so far, and calls that wait for a person, or all above the
     *     number it has seen
     * @param more where there is more than that: up to which number this is; the rest is asked for once it is sent
     */
    public record Attached(long position, long n, EncodedFrames replay, Optional<Long> more) {}

    /** The frames of a session's turns above a number, the lowest first. */
    public record GetEntries(String sessionId, String owner, long after) implements Request<Entries> {}

    /**
     * Frames as sockets are told them, each with its {@code n}.
     *
     * @param more whether there are more above the last of them
     */
    public record Entries(List<JsonNode> entries, boolean more) {
        public Entries {
            entries = List.copyOf(entries);
        }

        @Override
        public String toString() {
            return "Entries[" + entries.size() + "]";
        }
    }

    /**
     * Takes a message in; answered when it is kept. Refused with {@code EMPTY_CONTENT}, {@code SESSION_BUSY},
     * {@code AGENT_ERROR} where it is too long.
     *
     * @param name of the session, should this be its first message
     * @param origin the socket that is not told of its own message: {@code <edge>/<connection>}
     * @param takesAlong whether who answers is given what was said to other agents in the session, too
     * @param given what else comes with it
     */
    public record Say(
            String sessionId,
            Optional<String> name,
            Optional<String> agent,
            String owner,
            String address,
            String content,
            Optional<String> pageContext,
            Optional<String> idempotencyKey,
            String origin,
            boolean takesAlong,
            Given given)
            implements Request<Said> {
        /** The same, in the course of a trace. */
        public Say within(Optional<String> trace) {
            return trace.equals(given.traceparent())
                    ? this
                    : new Say(
                            sessionId,
                            name,
                            agent,
                            owner,
                            address,
                            content,
                            pageContext,
                            idempotencyKey,
                            origin,
                            takesAlong,
                            given.within(trace));
        }

        @Override
        public String toString() {
            return "Say[" + sessionId + "]";
        }
    }

    /**
     * It is kept.
     *
     * @param known whether the key was used before in this session, and nothing new was begun
     */
    public record Said(String turnId, boolean known) {}

    /** Ends the turn that runs. */
    public record Abort(String sessionId, String owner, String address) implements Request<Aborted> {}

    /** Which turn was ended; empty where none ran. */
    public record Aborted(Optional<String> turnId) {}

    /**
     * Answers a tool call that waits for a person. Refused with {@code invalid_state} where no such call waits (any
     * more).
     */
    public record Decide(String sessionId, String callId, boolean approve, String owner, String address)
            implements Request<Decided> {}

    public record Decided(String callId) {}

    /** A page of somebody's sessions, those used last first. */
    public record ListSessions(String owner, int limit, Optional<String> cursor) implements Request<Sessions> {}

    public record Sessions(List<Session> sessions, Optional<String> cursor) {
        public Sessions {
            sessions = List.copyOf(sessions);
        }
    }

    /**
     * A session.
     *
     * @param turnId of the turn that runs
     * @param reason of the state {@code error}
     */
    public record Session(
            String sessionId,
            Optional<String> name,
            String agent,
            ChatState state,
            Optional<String> turnId,
            Optional<String> reason,
            int messageCount,
            Instant createdAt,
            Instant updatedAt) {}

    /**
     * A page of a session's messages, oldest first.
     *
     * @param before where the page after it began; the latest messages where absent
     */
    public record GetMessages(String sessionId, String owner, int limit, Optional<String> before)
            implements Request<Messages> {}

    /**
     * Messages.
     *
     * @param partial the answer of the turn that runs, so far; not among the messages yet
     * @param cursor for the page before; empty where this was the first
     */
    public record Messages(Session session, List<Message> messages, Optional<String> partial, Optional<String> cursor) {
        public Messages {
            messages = List.copyOf(messages);
        }

        @Override
        public String toString() {
            return "Messages[" + session.sessionId() + ", " + messages.size() + "]";
        }
    }

    /**
     * A page of a session's messages from the first on, for one who wants them all.
     *
     * @param after the position the page before ended with; 0 for the first page
     */
    public record GetMessagesAfter(String sessionId, String owner, long after, int limit)
            implements Request<Messages> {}

    /**
     * Something said or done in a session.
     *
     * @param role {@code user}, {@code assistant}, {@code tool_call}, {@code tool_result} or {@code error}
     * @param toolCallId ties a {@code tool_result} to its {@code tool_call}
     * @param args of a {@code tool_call}
     * @param status of a user's what became of its turn: {@code queued}, {@code running}, {@code done}, {@code aborted}
     *     or {@code error}; of an assistant's: {@code complete}, {@code aborted}, {@code error} or {@code interrupted};
     *     of a call: {@code pending}, {@code running}, {@code ok}, {@code failed}, {@code denied}, {@code expired} or
     *     {@code unknown}; of an error its code
     * @param expiresAt until when a pending call can be approved
     * @param idempotencyKey that a user's message was sent with
     */
    public record Message(
            long position,
            String turnId,
            String role,
            String content,
            Optional<String> toolCallId,
            Optional<String> toolName,
            Optional<JsonNode> args,
            Optional<String> status,
            Optional<Instant> expiresAt,
            Optional<String> idempotencyKey,
            Instant createdAt) {
        @Override
        public String toString() {
            return "Message[" + position + ", " + role + "]";
        }
    }

    /** Gives a session another name. */
    public record Rename(String sessionId, String owner, String name) implements Request<Renamed> {}

    public record Renamed(Session session) {}

    /**
     * Forgets a session. Refused with {@code invalid_state} while a turn runs.
     *
     * @param audited whether it is worth a word in the audit trail: not where it was never meant to last
     */
    public record Delete(String sessionId, String owner, String address, boolean audited) implements Request<Deleted> {
        /** As a person does. */
        public Delete(String sessionId, String owner, String address) {
            this(sessionId, owner, address, true);
        }
    }

    public record Deleted(String sessionId) {}

    /** What an agent on its socket says in a turn it was given. Refused unless it was given to this connection. */
    public record AgentTold(String agent, long epoch, AgentData.ChatEvent event) implements Request<Heard> {
        @Override
        public String toString() {
            return "AgentTold[" + agent + "]";
        }
    }

    /** The end of such a turn. */
    public record AgentAnswered(String agent, long epoch, AgentData.ChatDone done) implements Request<Heard> {
        @Override
        public String toString() {
            return "AgentAnswered[" + agent + "]";
        }
    }

    /** The failure of such a turn. */
    public record AgentGaveUp(String agent, long epoch, AgentData.ChatFailed failed) implements Request<Heard> {
        @Override
        public String toString() {
            return "AgentGaveUp[" + agent + "]";
        }
    }

    public record Heard() {}

    /** Everything is there: what was under way before a restart goes on. */
    public record GoOn() implements Request<GoesOn> {}

    public record GoesOn() {}

    /** Takes no messages any more; answered when no turn runs. */
    public record Drain() implements Request<Drained> {}

    public record Drained() {}
}
