package dev.fairlead.gateway.faces.acp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Consumer;

/** Nobody in particular: a message is handled, which the log tells of. There is no person to ask in it. */
record MessageAudience(String messageId, Consumer<String> log) implements Audience {
    @Override
    public void show(Shown shown) {
        if (shown instanceof Shown.Call call) {
            log.accept("message " + messageId + ": " + call.name() + " "
                    + call.args().path("title").asText());
        }
    }

    @Override
    public Future<Optional<Boolean>> allows(Shown.Call call) {
        log.accept("message " + messageId + ": not allowed, since nobody is asked in a message: " + call.name() + " "
                + call.args().path("title").asText());
        return Future.succeededFuture(Optional.of(false));
    }

    @Override
    public Future<Void> over() {
        return Promise.<Void>promise().future();
    }
}
