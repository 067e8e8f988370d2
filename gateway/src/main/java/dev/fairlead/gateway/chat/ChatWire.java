package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.streams.EncodedFrames;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes frames to the edges: encoded once, those of one turn of the event loop together. */
final class ChatWire {
    private static final class Due {
        private final EncodedFrames.Builder frames = new EncodedFrames.Builder();
        private final String except;
        private long n;

        Due(String except) {
            this.except = except;
        }
    }

    private final Bus bus;
    private final Context context;
    private final String node;
    /** Other nodes, by the sessions that they follow. */
    private final Map<String, Set<String>> followers = new HashMap<>();

    private final Map<String, Due> due = new LinkedHashMap<>();
    private long position;
    private boolean scheduled;

    ChatWire(Bus bus, Context context, String node) {
        this.bus = bus;
        this.context = context;
        this.node = node;
    }

    void tell(String sessionId, Numbered told, String except) {
        Due now = due.get(sessionId);
        if (now != null && !now.except.equals(except)) {
            flush(sessionId);
            now = null;
        }
        if (now == null) {
            now = new Due(except);
            due.put(sessionId, now);
        }
        now.frames.add(told.encoded());
        now.n = Math.max(now.n, told.n());
        if (!scheduled) {
            scheduled = true;
            context.runOnContext(turn -> {
                scheduled = false;
                Map.copyOf(due).keySet().forEach(this::flush);
            });
        }
    }

    /** Tells what another node has told, which has the session. */
    void pass(String sessionId, long n, EncodedFrames frames, String except) {
        flush(sessionId);
        tell(new ChatDelivery.Frames(sessionId, ++position, n, frames, except));
    }

    void gone(String sessionId) {
        flush(sessionId);
        tell(new ChatDelivery.Gone(sessionId));
        followers.remove(sessionId);
    }

    /** Has another node told what happens in a session from now on. */
    void follow(String sessionId, String follower) {
        flush(sessionId);
        followers.computeIfAbsent(sessionId, id -> new LinkedHashSet<>()).add(follower);
    }

    /** Has it told nothing any more. */
    void unfollow(String sessionId, String follower) {
        Optional.ofNullable(followers.get(sessionId)).ifPresent(there -> {
            there.remove(follower);
            if (there.isEmpty()) {
                followers.remove(sessionId);
            }
        });
    }

    /** Tells none but these nodes any more. */
    void retainFollowers(Set<String> there) {
        followers.values().removeIf(nodes -> {
            nodes.retainAll(there);
            return nodes.isEmpty();
        });
    }

    /** Where a socket of a session that joins now stands: all frames before it have left. */
    long position(String sessionId) {
        flush(sessionId);
        return position;
    }

    private void flush(String sessionId) {
        Due now = due.remove(sessionId);
        if (now != null) {
            tell(new ChatDelivery.Frames(sessionId, ++position, now.n, now.frames.build(), now.except));
        }
    }

    private void tell(ChatDelivery told) {
        bus.publishAt(ChatCommands.place(node), ChatDelivery.class, told);
        for (String follower : followers.getOrDefault(told.sessionId(), Set.of())) {
            bus.publishAt(
                    ChatCommands.relay(follower), ChatDelivery.Relayed.class, new ChatDelivery.Relayed(node, told));
        }
    }
}
