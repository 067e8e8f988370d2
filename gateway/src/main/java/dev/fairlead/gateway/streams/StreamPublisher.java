package dev.fairlead.gateway.streams;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.StreamPosition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A concern's end of one stream: the concern says {@link #publish}, every edge of the node gets the encoded frames
 * once, all that came up in one turn of the event loop together. Made and used on the concern's own context.
 *
 * @param <E> what happens in the concern
 */
public final class StreamPublisher<E> {
    /** How often an edge tells which views it has sockets on. */
    public static final Duration INTEREST_PERIOD = Duration.ofSeconds(20);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Bus bus;
    private final Context context;
    private final TimeSource time;
    private final String node;
    private final StreamState<E> state;
    private final List<MessageConsumer<?>> consumers;
    private boolean flushScheduled;

    private StreamPublisher(
            Vertx vertx,
            TimeSource time,
            String node,
            Settings.Streams bounds,
            String name,
            StreamDefinition<E> definition) {
        this.bus = Bus.on(vertx);
        this.context = vertx.getOrCreateContext();
        this.time = time;
        this.node = node;
        this.state = new StreamState<>(
                name,
                definition,
                newEpoch(),
                bounds.ringEvents(),
                bounds.ringBytes().bytes(),
                bounds.maxViews());
        this.consumers = List.of(
                bus.answerAt(StreamCommands.place(node, name), StreamCommands.Subscribe.class, this::subscribe),
                bus.subscribeAt(node, StreamEvent.class, this::heard));
    }

    /**
     * Opens the stream {@code name} ({@code /ws/<name>}) on this node.
     *
     * @param definition the concern's views of it
     */
    public static <E> StreamPublisher<E> open(
            Vertx vertx,
            TimeSource time,
            String node,
            Settings.Streams bounds,
            String name,
            StreamDefinition<E> definition) {
        return new StreamPublisher<>(vertx, time, node, bounds, name, definition);
    }

    /**
     * Takes up what an earlier life of the stream told, oldest first, before anything is published: clients of that
     * life resume in this one. The stream's bounds hold for it.
     *
     * @param place {@link #position} when it was told
     */
    public void recall(StreamPosition place, E event) {
        state.recall(place, event);
    }

    /** Something was told after what was recalled last that cannot be: nobody who left off before goes on here. */
    public void forgetRecalled() {
        state.forgetRecalled();
    }

    /** Where what was published last stands in the unfiltered stream. */
    public StreamPosition position() {
        return state.position();
    }

    /** Tells what was committed; the frames leave at the end of this turn of the event loop. */
    public void publish(E event) {
        state.accept(event);
        if (!flushScheduled) {
            flushScheduled = true;
            context.runOnContext(ignored -> flush());
        }
    }

    public Future<Void> close() {
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
    }

    private void flush() {
        flushScheduled = false;
        for (StreamEvent.Frames frames : state.drain()) {
            bus.publishAt(node, StreamEvent.class, frames);
        }
    }

    private Future<StreamCommands.Subscribed> subscribe(StreamCommands.Subscribe request) {
        flush();
        return Future.succeededFuture(state.subscribe(request, time.nanos()));
    }

    private void heard(StreamEvent event) {
        if (event instanceof StreamEvent.ViewsInUse inUse) {
            state.inUse(inUse.views(), time.nanos());
            flush(); // what somebody missed of whom nothing was heard for long
        }
    }

    /** 64 random bits: no two lives of a stream share an epoch, across restarts and nodes. */
    private static String newEpoch() {
        byte[] bytes = new byte[Long.BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
