package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.PeerEvent;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that other nodes have and somebody looks at here: what their homes tell is told on here, all of it and
 * nothing twice. Where something is missed, or a session comes to another home, the rest is asked for from the last
 * number on; who looks at it notices nothing. What is told by one node, its answers among it, comes in order. Confined
 * to the context of the chats.
 */
final class Relay {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    /** A session that nobody has looked at for so long is followed no more. */
    private static final Duration INTEREST = ChatCommands.VIEWED_EVERY.multipliedBy(4);

    private static final class Followed {
        private String home;
        /** Of what was told on. */
        private long n;
        /** What is told meanwhile is in what is being asked for. */
        private boolean joining = true;

        private long wantedAt;

        Followed(String home, long n, long now) {
            this.home = home;
            this.n = n;
            this.wantedAt = now;
        }
    }

    private final Bus bus;
    private final TimeSource time;
    private final String node;
    private final Supplier<Set<String>> nodes;
    private final Homes homes;
    private final ChatWire wire;
    private final Map<String, Followed> followed = new HashMap<>();

    Relay(Bus bus, TimeSource time, String node, Supplier<Set<String>> nodes, Homes homes, ChatWire wire) {
        this.bus = bus;
        this.time = time;
        this.node = node;
        this.nodes = nodes;
        this.homes = homes;
        this.wire = wire;
    }

    List<MessageConsumer<?>> listen() {
        return List.of(
                bus.subscribeAt(ChatCommands.relay(node), ChatDelivery.Relayed.class, this::heard),
                bus.subscribeAt(ChatCommands.place(node), ChatCommands.Viewed.class, this::viewed),
                bus.subscribeAt(node, PeerEvent.class, this::missed));
    }

    /** Has a message taken in where its session is; what comes of it is told here. */
    Future<ChatCommands.Said> say(String home, ChatCommands.Say say) {
        return follow(say.sessionId(), home).compose(following -> bus.requestAt(ChatCommands.home(home), say));
    }

    /** Brings who begins to look at a session of another node to where the others are that look at it here. */
    Future<ChatCommands.Attached> attach(String home, ChatCommands.Attach attach) {
        return follow(attach.sessionId(), home)
                .compose(following -> bus.requestAt(ChatCommands.home(home), attach))
                .map(there -> new ChatCommands.Attached(
                        wire.position(attach.sessionId()), there.n(), there.replay(), there.more()));
    }

    /** Up to which number a session's frames were told on here; empty where it is not followed. */
    Optional<Long> told(String sessionId) {
        return Optional.ofNullable(followed.get(sessionId)).map(one -> one.n);
    }

    /** The session has come to this node, and tells for itself from now on. */
    void isHere(String sessionId) {
        followed.remove(sessionId);
    }

    /** This node has it no more: who looks at it here is told on by its new home. */
    void isElsewhere(String sessionId, long n) {
        followed.put(sessionId, new Followed("", n, time.nanos()));
        join(sessionId);
    }

    /** Looks which homes are gone, and what nobody looks at any more; to be run from time to time. */
    void look() {
        Set<String> there = nodes.get();
        long now = time.nanos();
        for (Map.Entry<String, Followed> one : Map.copyOf(followed).entrySet()) {
            Followed session = one.getValue();
            if (now - session.wantedAt > INTEREST.toNanos()) {
                followed.remove(one.getKey());
                unfollow(one.getKey(), session.home);
            } else if (!session.joining && !there.contains(session.home)) {
                join(one.getKey());
            }
        }
    }

    private Future<Void> follow(String sessionId, String home) {
        Followed known = followed.get(sessionId);
        if (known != null && known.home.equals(home)) {
            known.wantedAt = time.nanos();
            return Future.succeededFuture();
        }
        if (known != null) {
            return join(sessionId);
        }
        Followed fresh = new Followed(home, 0, time.nanos());
        followed.put(sessionId, fresh);
        return bus.requestAt(ChatCommands.home(home), new ChatCommands.Follow(sessionId, node))
                .onSuccess(following -> {
                    fresh.n = following.n();
                    fresh.joining = false;
                })
                .onFailure(cause -> followed.remove(sessionId, fresh))
                .mapEmpty();
    }

    /** Finds the home of a session and tells on what was missed. */
    private Future<Void> join(String sessionId) {
        Followed session = followed.get(sessionId);
        session.joining = true;
        return homes.of(sessionId)
                .compose(home -> {
                    if (homes.isHere(home)) { // what was missed has been told as it was taken over
                        followed.remove(sessionId, session);
                        return Future.<Void>succeededFuture();
                    }
                    session.home = home;
                    return bus.requestAt(ChatCommands.home(home), new ChatCommands.Follow(sessionId, node))
                            .compose(following -> catchUp(sessionId, session));
                })
                .onFailure(cause -> {
                    log.debug("Session {} is not followed: {}", sessionId, cause.getMessage());
                    session.home = ""; // nobody's: the next look tries again
                    session.joining = false;
                });
    }

    private Future<Void> catchUp(String sessionId, Followed session) {
        return bus.requestAt(
                        ChatCommands.home(session.home), new ChatCommands.Attach(sessionId, Optional.of(session.n)))
                .compose(missed -> {
                    if (followed.get(sessionId) != session) {
                        return Future.succeededFuture();
                    }
                    if (missed.replay().count() > 0) {
                        wire.pass(sessionId, missed.n(), missed.replay(), "");
                    }
                    session.n = Math.max(session.n, missed.more().orElse(missed.n()));
                    if (missed.more().isPresent()) {
                        return catchUp(sessionId, session);
                    }
                    session.joining = false;
                    return Future.succeededFuture();
                });
    }

    private void heard(ChatDelivery.Relayed relayed) {
        String sessionId = relayed.told().sessionId();
        Followed session = followed.get(sessionId);
        if (session == null) {
            unfollow(sessionId, relayed.home());
        } else if (!session.home.equals(relayed.home()) || session.joining) {
            return; // it is not the home any more, or tells what is being asked for
        } else if (relayed.told() instanceof ChatDelivery.Frames frames) {
            session.n = Math.max(session.n, frames.n());
            wire.pass(sessionId, frames.n(), frames.frames(), frames.except());
        } else {
            followed.remove(sessionId);
            wire.gone(sessionId);
        }
    }

    private void viewed(ChatCommands.Viewed viewed) {
        viewed.sessionIds().forEach(id -> Optional.ofNullable(followed.get(id))
                .ifPresent(session -> session.wantedAt = time.nanos()));
    }

    private void missed(PeerEvent peer) {
        Map.copyOf(followed).forEach((id, session) -> {
            if (session.home.equals(peer.node()) && !session.joining) {
                join(id);
            }
        });
    }

    private void unfollow(String sessionId, String home) {
        if (nodes.get().contains(home)) {
            bus.requestAt(ChatCommands.home(home), new ChatCommands.Unfollow(sessionId, node))
                    .onFailure(cause -> log.debug("Session {} is told on: {}", sessionId, cause.getMessage()));
        }
    }
}
