package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Has requests about a session answered by the node that has it, wherever they are asked. What another node was asked
 * for comes with its deadline, and is held against where the session is by then. Confined to the context of the chats.
 */
final class HomeRoutes {
    private final Bus bus;
    private final String node;
    private final Homes homes;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    HomeRoutes(Bus bus, String node, Homes homes) {
        this.bus = bus;
        this.node = node;
        this.homes = homes;
    }

    /**
     * Answers a request at a place of this node.
     *
     * @param session says which it is about
     * @param here answers it where this node has the session
     */
    <R extends Record, Q extends Request<R>> void answer(
            String place, Class<Q> type, Function<Q, String> session, Function<Q, Future<R>> here) {
        answer(place, type, session, here, (home, asked) -> bus.requestAt(ChatCommands.home(home), asked));
    }

    List<MessageConsumer<?>> consumers() {
        return consumers;
    }

    /**
     * Answers a request at a place of this node.
     *
     * @param session says which it is about
     * @param here answers it where this node has the session
     * @param there has the node answer it that has the session
     */
    <R extends Record, Q extends Request<R>> void answer(
            String place,
            Class<Q> type,
            Function<Q, String> session,
            Function<Q, Future<R>> here,
            BiFunction<String, Q, Future<R>> there) {
        if (homes.isAlone()) {
            consumers.add(bus.answerAt(place, type, here));
            return;
        }
        consumers.add(bus.answerAt(place, type, (Q asked) -> homes.of(session.apply(asked))
                .compose(home -> homes.isHere(home) ? here.apply(asked) : there.apply(home, asked))));
        consumers.add(bus.answerAt(ChatCommands.home(node), type, (Q asked) -> homes.of(session.apply(asked))
                .compose(home -> homes.isHere(home) ? here.apply(asked) : Future.failedFuture(Homes.moved()))));
    }
}
