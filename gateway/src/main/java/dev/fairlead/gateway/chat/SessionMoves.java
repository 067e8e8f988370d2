package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of sessions that come to this node of a fleet, and that go from it. Confined to the chats' context. */
final class SessionMoves {
    private static final Logger log = LoggerFactory.getLogger(SessionMoves.class);

    private final Ownership ownership;
    private final Homes homes;
    private final Relay relay;
    private final ChatWire wire;
    private final ChatQueries queries;
    private final ChatBacklog backlog;
    private final Resumption resumption;
    private final Chats chats;
    private final Map<String, SessionOutlet> outlets;
    private final Consumer<String> goesOn;
    private final Consumer<Turn> dropped;

    /**
     * Of the chats of a node.
     *
     * @param goesOn has done what a session wants done that was taken up
     * @param dropped ends here a turn that goes on elsewhere
     */
    SessionMoves(
            Ownership ownership,
            Homes homes,
            Relay relay,
            ChatWire wire,
            ChatQueries queries,
            ChatBacklog backlog,
            Resumption resumption,
            Chats chats,
            Map<String, SessionOutlet> outlets,
            Consumer<String> goesOn,
            Consumer<Turn> dropped) {
        this.ownership = ownership;
        this.homes = homes;
        this.relay = relay;
        this.wire = wire;
        this.queries = queries;
        this.backlog = backlog;
        this.resumption = resumption;
        this.chats = chats;
        this.outlets = outlets;
        this.goesOn = goesOn;
        this.dropped = dropped;
    }

    /** Has other nodes follow what happens in the sessions here. */
    List<MessageConsumer<?>> listen(Bus bus) {
        String home = ChatCommands.home(ownership.node());
        return List.of(
                bus.answerAt(home, ChatCommands.Follow.class, this::follow),
                bus.answerAt(home, ChatCommands.Unfollow.class, asked -> {
                    wire.unfollow(asked.sessionId(), asked.node());
                    return Future.succeededFuture(new ChatCommands.Unfollowed());
                }));
    }

    /** A session has come to this node: what was under way in it goes on. */
    Future<Void> takeUp(String sessionId) {
        return tellMissed(sessionId, drop(sessionId).or(() -> relay.told(sessionId)))
                .compose(told -> resumption.takeUp(sessionId, homes.guard(sessionId)))
                .map(active -> {
                    relay.isHere(sessionId);
                    if (active.isEmpty()) {
                        homes.letGo(sessionId);
                    } else {
                        goesOn.accept(sessionId);
                    }
                    return null;
                });
    }

    /** Who has looked at it here is told first what its last home told at the end. */
    private Future<Void> tellMissed(String sessionId, Optional<Long> after) {
        return after.map(n -> tellAfter(sessionId, n)).orElse(Future.succeededFuture());
    }

    private Future<Void> tellAfter(String sessionId, long n) {
        return backlog.after(sessionId, n).compose(page -> {
            page.frames().forEach(frame -> wire.tell(sessionId, frame, ""));
            return page.upTo().map(end -> tellAfter(sessionId, end)).orElse(Future.succeededFuture());
        });
    }

    /** Another node has it by now: what is under way here is dropped, and nobody is told. */
    void lost(String sessionId, SessionOutlet outlet) {
        if (outlets.get(sessionId) == outlet) {
            long n = drop(sessionId).orElse(0L);
            homes.letGo(sessionId);
            relay.isElsewhere(sessionId, n);
        }
    }

    /** Forgets what was under way in a session here; gives up to which number that was told. */
    private Optional<Long> drop(String sessionId) {
        Optional<Long> told = chats.find(sessionId).map(session -> {
            session.running().ifPresent(dropped);
            chats.drop(sessionId);
            return session.toldBefore();
        });
        return Optional.ofNullable(outlets.remove(sessionId))
                .map(outlet -> {
                    outlet.abandon();
                    return outlet.lastTold();
                })
                .filter(n -> n > 0)
                .or(() -> told);
    }

    private Future<ChatCommands.Following> follow(ChatCommands.Follow asked) {
        String id = asked.sessionId();
        return homes.of(id)
                .compose(home -> homes.isHere(home) ? queries.numbers(id) : Future.failedFuture(Homes.moved()))
                .map(numbers -> {
                    wire.follow(id, asked.node());
                    return new ChatCommands.Following(chats.find(id)
                            .map(session -> Optional.ofNullable(outlets.get(id))
                                    .map(SessionOutlet::lastTold)
                                    .filter(last -> last > 0)
                                    .orElse(session.toldBefore()))
                            .filter(told -> told > 0)
                            .orElse(numbers));
                });
    }

    /** What becomes of sessions when nodes come and go; to be run from time to time. */
    void look() {
        relay.look();
        wire.retainFollowers(ownership.nodes());
        if (ownership.fence(LeaseName.JANITOR).isPresent()) {
            homes.takeOrphans()
                    .onFailure(cause -> log.debug("Sessions of nodes that are gone wait: {}", cause.getMessage()));
        }
    }
}
