package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.chat.remote.RemoteAgents;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Hears what agents that are connected here say in turns they were given, and takes it to the node that has the turn:
 * in the order in which it was said. Confined to the context of the chats.
 */
final class AgentTurns {
    /** Turns of other nodes whose homes are remembered. */
    private static final int MOST = 10_000;

    private final Bus bus;
    private final String node;
    private final RemoteAgents remote;
    private final Homes homes;
    private final ChatQueries queries;
    private final Map<String, Future<String>> elsewhere = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<String>> eldest) {
            return size() > MOST;
        }
    };

    AgentTurns(Bus bus, String node, RemoteAgents remote, Homes homes, ChatQueries queries) {
        this.bus = bus;
        this.node = node;
        this.remote = remote;
        this.homes = homes;
        this.queries = queries;
    }

    List<MessageConsumer<?>> listen() {
        List<MessageConsumer<?>> consumers = new ArrayList<>();
        consumers.addAll(hear(
                ChatCommands.AgentTold.class,
                said -> said.event().turnId(),
                said -> remote.told(said.agent(), said.epoch(), said.event())));
        consumers.addAll(hear(
                ChatCommands.AgentAnswered.class,
                said -> said.done().turnId(),
                said -> remote.answered(said.agent(), said.epoch(), said.done())));
        consumers.addAll(hear(
                ChatCommands.AgentGaveUp.class,
                said -> said.failed().turnId(),
                said -> remote.gaveUp(said.agent(), said.epoch(), said.failed())));
        return consumers;
    }

    private <Q extends Request<ChatCommands.Heard>> List<MessageConsumer<?>> hear(
            Class<Q> type, Function<Q, String> turn, Consumer<Q> here) {
        Function<Q, Future<ChatCommands.Heard>> taken = said -> {
            here.accept(said);
            return Future.succeededFuture(new ChatCommands.Heard());
        };
        return homes.isAlone()
                ? List.of(bus.answer(type, taken))
                : List.of(
                        bus.answer(type, (Q said) -> route(turn.apply(said), said, taken)),
                        bus.answerAt(ChatCommands.home(node), type, taken));
    }

    private <Q extends Request<ChatCommands.Heard>> Future<ChatCommands.Heard> route(
            String turn, Q said, Function<Q, Future<ChatCommands.Heard>> here) {
        if (remote.has(turn)) {
            return here.apply(said);
        }
        Future<String> home = elsewhere.computeIfAbsent(turn, queries::homeOfTurn);
        return home.compose(there -> there.isEmpty() || homes.isHere(there)
                        ? Future.succeededFuture(said).compose(here)
                        : bus.requestAt(ChatCommands.home(there), said))
                .onFailure(cause -> elsewhere.remove(turn, home)); // it may have gone on with another node
    }
}
