package dev.fairlead.gateway.streams;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.StreamPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The views of one stream and their frames. A view comes into being when somebody first asks for it and goes when
 * nobody has for a while, but for the unfiltered one, which is always there, so that a client can resume; while nobody
 * looks at that, what is {@link StreamView#isTimeless timeless} is not encoded. Plain state, driven by one event loop.
 */
final class StreamState<E> {
    /** How long a view nobody looks at keeps its frames: longer than any client's longest wait to reconnect. */
    static final Duration LINGER = Duration.ofSeconds(60);

    private static final Duration SNAPSHOT_REUSE = Duration.ofMillis(250);

    private final class Live {
        private final StreamView<E> view;
        private final String name;
        private final FrameLog log;
        private final EncodedFrames.Builder pending = new EncodedFrames.Builder();
        private long pendingFrom;
        private long usedAt;
        /** Not encoded, for nobody looks; the last of them are for who comes back. */
        private final ArrayDeque<E> unread = new ArrayDeque<>();

        private long passed; // of what was not encoded, older than anybody can come back for
        private boolean looked;
        private byte[] state = {};
        private EncodedFrames snapshot = EncodedFrames.NONE;
        private long snapshotOf = -1;
        private long snapshotAt;

        Live(StreamView<E> view, long now) {
            this.view = view;
            this.name = stream + '?' + view.key();
            this.log = new FrameLog(epoch, maxFrames, maxBytes);
            this.usedAt = now;
            this.looked = true;
        }

        void accept(E event) {
            if (looked) {
                encode(event);
                return;
            }
            unread.addLast(event);
            if (unread.size() > maxFrames) {
                unread.removeFirst();
                passed++;
            }
        }

        private void encode(E event) {
            view.delta(event).ifPresent(json -> pending.add(log.append(json)));
        }

        /** Somebody looks: everything is encoded from now on, and first what that one may have missed. */
        void look() {
            looked = true;
            log.pass(passed);
            pendingFrom += passed;
            passed = 0;
            unread.forEach(this::encode);
            unread.clear();
        }

        /** Nobody looks for now, and what is said later of an event is what would be said at once. */
        void lookAway() {
            looked = !view.isTimeless() || !pending.isEmpty();
        }

        long last() {
            return log.last() + passed + unread.size();
        }

        /** What is due is in the answer to somebody already. */
        void dropDue() {
            pending.clear();
            pendingFrom = log.last();
        }

        /** The same bytes serve a crowd that comes at once; what changes without an event shows in the next ones. */
        EncodedFrames snapshot(boolean resync, long now) {
            if (snapshotOf != changes || now - snapshotAt > SNAPSHOT_REUSE.toNanos()) {
                state = view.snapshot();
                snapshot = log.snapshot(state, false);
                snapshotOf = changes;
                snapshotAt = now;
            }
            return resync ? log.snapshot(state, true) : snapshot;
        }

        void drainTo(List<StreamEvent.Frames> out) {
            if (!pending.isEmpty()) {
                out.add(new StreamEvent.Frames(name, pendingFrom, log.last(), pending.build()));
                pending.clear();
            }
            pendingFrom = log.last();
        }
    }

    private final String stream;
    private final StreamDefinition<E> definition;
    private final String epoch;
    private final int maxFrames;
    private final long maxBytes;
    private final int maxViews;
    private final Map<String, Live> views = new HashMap<>();
    private final Live whole;
    private long wholeLookedAt;
    private long changes;

    StreamState(
            String stream, StreamDefinition<E> definition, String epoch, int maxFrames, long maxBytes, int maxViews) {
        this.stream = stream;
        this.definition = definition;
        this.epoch = epoch;
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
        this.maxViews = maxViews;
        StreamView<E> unfiltered = definition.view(Map.of());
        whole = new Live(unfiltered, Long.MAX_VALUE);
        whole.lookAway();
        views.put(unfiltered.key(), whole);
    }

    /** Takes up what an earlier life of the stream told, for those that left off there: the unfiltered view only. */
    void recall(StreamPosition place, E event) {
        changes++;
        whole.view.delta(event).ifPresent(json -> whole.log.recall(place, json));
        whole.pendingFrom = whole.log.last();
    }

    /** Something was told after what was recalled last that cannot be. */
    void forgetRecalled() {
        whole.log.forgetRecalled();
    }

    /** Where the unfiltered view stands. */
    StreamPosition position() {
        return new StreamPosition(epoch, whole.last());
    }

    /** Numbers and encodes {@code event} in every view that shows it. */
    void accept(E event) {
        changes++;
        for (Live live : views.values()) {
            live.accept(event);
        }
    }

    /** What has become due since the last call, a batch a view. */
    List<StreamEvent.Frames> drain() {
        List<StreamEvent.Frames> due = new ArrayList<>();
        for (Live live : views.values()) {
            live.drainTo(due);
        }
        return due;
    }

    /**
     * The first frames for a socket; {@link #drain} comes first, so that they end where the next batch starts.
     *
     * @param now nanoseconds of the monotonic clock
     */
    StreamCommands.Subscribed subscribe(StreamCommands.Subscribe request, long now) {
        StreamView<E> view = definition.view(request.parameters());
        Optional<StreamPosition> since = request.since().map(StreamPosition::parse);
        Live live = views.get(view.key());
        if (live == null) {
            if (views.size() >= maxViews) {
                throw new FairleadException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "Too many different filters are in use on this stream; streams.max_views bounds them",
                        LINGER);
            }
            view.opened();
            live = new Live(view, now);
            views.put(view.key(), live);
        }
        live.usedAt = Math.max(live.usedAt, now);
        if (live == whole) {
            wholeLookedAt = now;
        }
        if (!live.looked) {
            live.look();
            live.dropDue();
        }
        EncodedFrames frames = since.flatMap(live.log::resume).orElse(EncodedFrames.NONE);
        if (frames.count() == 0) {
            frames = live.snapshot(request.lag().isPresent(), now);
        }
        return new StreamCommands.Subscribed(live.name, live.log.last(), frames, false);
    }

    /** Keeps the views that are looked at and drops those that nobody has looked at for {@link #LINGER}. */
    void inUse(Set<String> names, long now) {
        for (Live live : views.values()) {
            if (names.contains(live.name)) {
                live.usedAt = Math.max(live.usedAt, now);
            }
        }
        if (names.contains(whole.name)) {
            wholeLookedAt = now;
            if (!whole.looked) {
                whole.look();
            }
        } else if (now - wholeLookedAt > LINGER.toNanos()) {
            whole.lookAway();
        }
        views.values().removeIf(live -> {
            boolean idle = live.usedAt != Long.MAX_VALUE && now - live.usedAt > LINGER.toNanos();
            if (idle) {
                live.view.closed();
            }
            return idle;
        });
    }

    int views() {
        return views.size();
    }
}
