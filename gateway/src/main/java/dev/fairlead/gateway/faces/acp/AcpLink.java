package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks the other end, with a limit where it has no reason to take long. Confined to one event loop. */
final class AcpLink {
    private final AcpPeer peer;
    private final Scheduler scheduler;

    AcpLink(AcpPeer.Handler handler, Scheduler scheduler, Consumer<byte[]> out) {
        this.peer = new AcpPeer(handler, out);
        this.scheduler = scheduler;
    }

    /** Its answer; fails with an {@link AcpRefusal}. */
    Future<JsonNode> ask(String method, JsonNode params) {
        Promise<JsonNode> promise = Promise.promise();
        peer.ask(method, params, answer -> settle(promise, answer));
        return promise.future();
    }

    /** Its answer within that time. */
    Future<JsonNode> ask(String method, JsonNode params, Duration limit) {
        Promise<JsonNode> promise = Promise.promise();
        long number = peer.ask(method, params, answer -> settle(promise, answer));
        Scheduler.Cancellable late = scheduler.after(limit, () -> {
            peer.forget(number);
            promise.tryFail(
                    new AcpRefusal(Optional.empty(), "no answer to " + method + " within " + limit.toSeconds() + " s"));
        });
        return promise.future().onComplete(done -> late.cancel());
    }

    void tell(String method, JsonNode params) {
        peer.tell(method, params);
    }

    /** Handles one line; answers whether it was a message. */
    boolean heard(String line) {
        return peer.heard(line);
    }

    /** The other end is gone. */
    void gone(String why) {
        peer.gone(why);
    }

    private static void settle(Promise<JsonNode> promise, AcpPeer.Answer answer) {
        if (answer instanceof AcpPeer.Answer.Result result) {
            promise.tryComplete(result.value());
        } else if (answer instanceof AcpPeer.Answer.Refused refused) {
            promise.tryFail(new AcpRefusal(refused.code(), refused.message()));
        }
    }
}
