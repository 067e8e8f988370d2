package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.HomeRows.Home;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Where the sessions of a fleet are. A session is with the node that has its turns run; it stays there while that node
 * is there by its lease, and whoever asks then takes it over. A gateway that is alone has them all, and asks nobody.
 * Confined to the context of the chats.
 */
final class Homes {
    private final Ownership ownership;
    private final Ledger ledger;
    private final ChatQueries queries;
    /** Takes up what was under way in a session that was taken over. */
    private final Function<String, Future<Void>> takeUp;
    /** Of the sessions with something under way here. */
    private final Map<String, Home> held = new HashMap<>();

    private final Map<String, Future<String>> taking = new HashMap<>();
    /** Taken over, while the database went away before what is under way in them was read. */
    private final Set<String> unread = new HashSet<>();

    Homes(Ownership ownership, Ledger ledger, ChatQueries queries, Function<String, Future<Void>> takeUp) {
        this.ownership = ownership;
        this.ledger = ledger;
        this.queries = queries;
        this.takeUp = takeUp;
    }

    boolean isAlone() {
        return ownership.isAlone();
    }

    boolean isHere(String node) {
        return node.equals(ownership.node());
    }

    /** The node that has a session, this one where nobody else does; takes it over where its node is gone. */
    Future<String> of(String sessionId) {
        Future<String> underWay = taking.get(sessionId);
        if (underWay != null) {
            return underWay;
        }
        if (isAlone() || held.containsKey(sessionId)) {
            return Future.succeededFuture(ownership.node());
        }
        if (unread.contains(sessionId)) {
            return takeOver(sessionId, HomeRows::takeAgain);
        }
        return queries.home(sessionId).compose(home -> {
            if (home.isEmpty() || isHere(home)) {
                return Future.succeededFuture(ownership.node());
            }
            return ownership.nodes().contains(home)
                    ? Future.succeededFuture(home)
                    : takeOver(sessionId, HomeRows::take);
        });
    }

    /** Takes up what this node had under way before it was started anew. */
    Future<?> takeUpOwn() {
        return ledger.commit(c -> HomeRows.own(c, ownership.node()))
                .compose(sessions -> all(sessions, HomeRows::takeAgain));
    }

    /** Takes over sessions with something under way whose nodes are gone, though nobody asks for them. */
    Future<?> takeOrphans() {
        return all(List.copyOf(unread), HomeRows::takeAgain)
                .compose(read -> ledger.commit(HomeRows::orphans))
                .compose(sessions -> all(sessions, HomeRows::take));
    }

    /** Makes this node the home of a session that something is begun in; part of that unit. */
    Optional<Home> claim(WriteConnection c, String sessionId) throws SQLException {
        if (isAlone()) {
            return Optional.empty();
        }
        Home home = HomeRows.take(c, sessionId, ownership.node()).orElseThrow(() -> ChatQueries.notFound(sessionId));
        if (!isHere(home.node())) {
            throw moved();
        }
        return Optional.of(home);
    }

    /** What was claimed is under way here from now on. */
    void holds(String sessionId, Optional<Home> home) {
        home.ifPresent(here -> held.put(sessionId, here));
    }

    /** Nothing is under way in it here any more. */
    void letGo(String sessionId) {
        held.remove(sessionId);
    }

    /** What each unit of a session begins with, made when the session is taken up. */
    Guard guard(String sessionId) {
        if (isAlone()) {
            return c -> {};
        }
        Home home = Optional.ofNullable(held.get(sessionId)).orElse(new Home(ownership.node(), -1));
        return c -> HomeRows.require(c, sessionId, home);
    }

    /** Refuses what came here for a session that is elsewhere by now. */
    static FairleadException moved() {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "Another node has just taken this chat session over. Nothing was changed; try again in a moment.",
                Duration.ofSeconds(1));
    }

    /** Holds a unit against the right that it was decided under. */
    @FunctionalInterface
    interface Guard {
        /**
         * Holds it against that right.
         *
         * @throws HomeRows.LostException if the session is elsewhere by now
         */
        void check(WriteConnection c) throws SQLException;
    }

    @FunctionalInterface
    private interface Take {
        Optional<Home> apply(WriteConnection c, String sessionId, String node) throws SQLException;
    }

    private Future<Void> all(List<String> sessions, Take take) {
        Future<Void> all = Future.succeededFuture();
        for (String session : sessions) {
            all = all.compose(before -> takeOver(session, take).mapEmpty());
        }
        return all;
    }

    private Future<String> takeOver(String sessionId, Take take) {
        Future<String> underWay = taking.get(sessionId);
        if (underWay != null) {
            return underWay;
        }
        Future<String> taken = ledger.commit(c -> take.apply(c, sessionId, ownership.node()))
                .compose(home -> {
                    if (home.isEmpty() || !isHere(home.get().node())) {
                        return Future.succeededFuture(home.map(Home::node).orElse(ownership.node()));
                    }
                    if (home.equals(Optional.ofNullable(held.put(sessionId, home.get())))) {
                        return Future.succeededFuture(ownership.node()); // it is under way here as it is
                    }
                    return takeUp.apply(sessionId)
                            .map(ownership.node())
                            .onSuccess(read -> unread.remove(sessionId))
                            .onFailure(cause -> {
                                held.remove(sessionId, home.get());
                                unread.add(sessionId);
                            });
                })
                .onComplete(done -> taking.remove(sessionId));
        if (!taken.isComplete()) {
            taking.put(sessionId, taken);
        }
        return taken;
    }
}
