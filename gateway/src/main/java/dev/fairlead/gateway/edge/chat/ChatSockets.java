package dev.fairlead.gateway.edge.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.events.ChannelNews;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who looks at chats on one edge: hands what is told of a session to all who look at it here. */
public final class ChatSockets {
    /** How long a socket may take for its first frame before it is shown what is told. */
    static final Duration GREETING = Duration.ofSeconds(5);

    private final Bus bus;
    private final Scheduler scheduler;
    private final String chat;
    private final String edge;
    private final Map<String, Set<ChatViewer>> sessions = new HashMap<>();
    private final List<MessageConsumer<?>> consumers;
    private final Scheduler.Cancellable telling;
    private long position;

    /**
     * What the query of an upgrade asks for.
     *
     * @param name of a session that is new
     * @param agent who is to answer
     * @param takesAlong whether that agent is given what was said to others before
     * @param after the last number the client has seen of the session: it is told all above it
     */
    public record Wanted(
            Optional<String> sessionId,
            Optional<String> name,
            Optional<String> agent,
            boolean takesAlong,
            Optional<Long> after) {}

    /**
     * For one edge.
     *
     * @param edge the edge's unique id
     */
    public ChatSockets(Bus bus, Scheduler scheduler, String node, String edge) {
        this.bus = bus;
        this.scheduler = scheduler;
        this.chat = ChatCommands.place(node);
        this.edge = edge;
        this.consumers = List.of(
                bus.subscribeAt(chat, ChatDelivery.class, this::heard),
                bus.subscribeAt(node, ChannelNews.class, this::heard));
        this.telling = scheduler.every(ChatCommands.VIEWED_EVERY, this::tellViewed);
    }

    /** Takes a fresh connection of {@code owner}. */
    public void open(Connection connection, String address, String owner, Wanted wanted) {
        new ChatSocket(this, connection, address, owner, wanted).start();
    }

    public Future<Void> close() {
        telling.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
    }

    <R extends Record, Q extends Request<R>> Future<R> ask(Q request) {
        return bus.requestAt(chat, request);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** What a socket is called in {@link ChatDelivery.Frames#except}. */
    String origin(Connection connection) {
        return edge + "/" + connection.id();
    }

    /** Where the chat stood when it last told this edge something, of whatever session. */
    public long position() {
        return position;
    }

    /** Has a viewer told what happens in a session from now on. */
    public void add(String sessionId, ChatViewer viewer) {
        sessions.computeIfAbsent(sessionId, ignored -> new LinkedHashSet<>()).add(viewer);
    }

    /** Has it told nothing any more. */
    public void remove(String sessionId, ChatViewer viewer) {
        Set<ChatViewer> there = sessions.get(sessionId);
        if (there != null && there.remove(viewer) && there.isEmpty()) {
            sessions.remove(sessionId);
        }
    }

    private void heard(ChatDelivery delivery) {
        if (delivery instanceof ChatDelivery.Frames frames) {
            position = frames.position();
            of(frames.sessionId()).forEach(viewer -> viewer.take(frames));
        } else if (delivery instanceof ChatDelivery.Gone gone) {
            of(gone.sessionId()).forEach(ChatViewer::gone);
        }
    }

    private void heard(ChannelNews news) {
        if (news instanceof ChannelNews.Told told && !sessions.isEmpty()) {
            EncodedFrames frame = new EncodedFrames.Builder()
                    .add(FrameCodec.encode(new ChatFrame.AgentEvent(FrameCodec.toTree(told.event()))))
                    .build();
            List.copyOf(sessions.values()).forEach(there -> List.copyOf(there).forEach(viewer -> viewer.pass(frame)));
        }
    }

    private void tellViewed() {
        if (!sessions.isEmpty()) {
            bus.publishAt(chat, ChatCommands.Viewed.class, new ChatCommands.Viewed(sessions.keySet()));
        }
    }

    private List<ChatViewer> of(String sessionId) {
        return List.copyOf(sessions.getOrDefault(sessionId, Set.of()));
    }
}
