package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.tokens.TokenEvent;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/** What this edge tells its agents of the upstream token. Used on the edge's event loop only. */
final class TokenWatch {
    private final MessageConsumer<?> consumer;
    private final Future<Void> ready;
    private final Consumer<TokenState> changed;
    private TokenState state = TokenState.UNAVAILABLE;
    private boolean heard;

    /** Calls {@code changed} with each new state; the one at the beginning is no news. */
    TokenWatch(Bus bus, Consumer<TokenState> changed) {
        this.changed = changed;
        this.consumer = bus.subscribe(TokenEvent.class, this::hear);
        this.ready = bus.request(new TokenCommands.GetToken())
                .onSuccess(now -> state = heard ? state : now.token().state())
                .<Void>mapEmpty()
                .otherwiseEmpty(); // nobody answers for it: it stays unavailable
    }

    /** When the state at the beginning is known. */
    Future<Void> ready() {
        return ready;
    }

    TokenState state() {
        return state;
    }

    Future<Void> close() {
        return consumer.unregister();
    }

    private void hear(TokenEvent event) {
        if (event instanceof TokenEvent.StateChanged news) {
            heard = true;
            if (news.state() != state) {
                state = news.state();
                changed.accept(state);
            }
        }
    }
}
