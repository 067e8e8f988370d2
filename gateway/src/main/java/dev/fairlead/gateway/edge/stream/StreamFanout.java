package dev.fairlead.gateway.edge.stream;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.streams.StreamCommands;
import dev.fairlead.gateway.streams.StreamEvent;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hands the frames of the node's streams to the sockets of one edge: what came in one turn of the event loop becomes
 * one buffer, made once and shared by all sockets of a view.
 */
public final class StreamFanout {
    private static final class View {
        private final Set<StreamSocket> sockets = new HashSet<>();
        private final List<StreamEvent.Frames> due = new ArrayList<>();
    }

    private final Bus bus;
    private final Context context;
    private final String node;
    private final Map<String, View> views = new HashMap<>();
    private final List<View> dirty = new ArrayList<>();
    private final MessageConsumer<?> consumer;
    private final Scheduler.Cancellable interest;

    /** For the event loop of {@code context}, on the streams of {@code node}. */
    public StreamFanout(Bus bus, Context context, Scheduler scheduler, String node) {
        this.bus = bus;
        this.context = context;
        this.node = node;
        this.consumer = bus.subscribeAt(node, StreamEvent.class, this::heard);
        this.interest = scheduler.every(StreamPublisher.INTEREST_PERIOD, this::tellInterest);
    }

    public Future<Void> close() {
        interest.cancel();
        return consumer.unregister();
    }

    Future<StreamCommands.Subscribed> subscribe(String stream, StreamCommands.Subscribe request) {
        return bus.requestAt(StreamCommands.place(node, stream), request);
    }

    void add(String view, StreamSocket socket) {
        views.computeIfAbsent(view, ignored -> new View()).sockets.add(socket);
    }

    void remove(String view, StreamSocket socket) {
        View shown = views.get(view);
        if (shown != null && shown.sockets.remove(socket) && shown.sockets.isEmpty()) {
            views.remove(view);
        }
    }

    private void tellInterest() {
        // None, too: those that were in use until now are let go by that.
        bus.publishAt(node, StreamEvent.class, new StreamEvent.ViewsInUse(Set.copyOf(views.keySet())));
    }

    private void heard(StreamEvent event) {
        if (event instanceof StreamEvent.Frames frames) {
            View view = views.get(frames.view());
            if (view != null) {
                collect(view, frames);
            }
        } else if (event instanceof StreamEvent.Ended ended) {
            View view = views.get(ended.view());
            if (view != null) {
                flush(view);
                List.copyOf(view.sockets).forEach(socket -> socket.end(ended));
            }
        }
    }

    private void collect(View view, StreamEvent.Frames frames) {
        if (view.due.isEmpty()) {
            dirty.add(view);
            if (dirty.size() == 1) {
                context.runOnContext(ignored -> flushAll());
            }
        }
        view.due.add(frames);
    }

    private void flushAll() {
        List<View> now = List.copyOf(dirty);
        dirty.clear();
        now.forEach(StreamFanout::flush);
    }

    private static void flush(View view) {
        List<StreamEvent.Frames> due = List.copyOf(view.due);
        view.due.clear();
        if (due.isEmpty()) {
            return;
        }
        int bytes = 0;
        int frames = 0;
        for (StreamEvent.Frames one : due) {
            bytes += one.frames().bytes().length;
            frames += one.frames().count();
        }
        ByteBuf shared = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
        for (StreamEvent.Frames one : due) {
            shared.writeBytes(one.frames().bytes());
        }
        long from = due.get(0).from();
        long to = due.get(due.size() - 1).to();
        try {
            for (StreamSocket socket : List.copyOf(view.sockets)) {
                if (!socket.takeShared(from, to, shared, frames)) {
                    due.forEach(socket::take);
                }
            }
        } finally {
            shared.release();
        }
    }
}
