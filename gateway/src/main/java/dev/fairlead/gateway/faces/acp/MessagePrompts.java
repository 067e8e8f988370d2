package dev.fairlead.gateway.faces.acp;

import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Messages as prompts: one at a time, in the order they come, those of one sender in one conversation. One that is
 * delivered again while it is at work, or after it was, is not prompted again. Confined to one event loop.
 */
final class MessagePrompts {
    private static final int MOST_REMEMBERED = 256;

    private final AcpAgent agent;
    private final Consumer<String> log;
    private final Map<String, Future<String>> remembered = new LinkedHashMap<>();
    private Future<?> last = Future.succeededFuture();

    MessagePrompts(AcpAgent agent, Consumer<String> log) {
        this.agent = agent;
        this.log = log;
    }

    /** Completes when the agent has done with it; fails where it could not. */
    Future<?> handle(ReceivedMessage message) {
        Future<String> before = remembered.get(message.messageId());
        if (before != null && !before.failed()) {
            return before;
        }
        Future<String> answered = last.transform(done -> agent.prompt(
                        "messages:" + message.from(),
                        List.of(),
                        text(message),
                        new MessageAudience(message.messageId(), log)))
                .onSuccess(answer -> log.accept("message " + message.messageId() + ": " + answer));
        last = answered;
        remembered.put(message.messageId(), answered);
        if (remembered.size() > MOST_REMEMBERED) {
            remembered.remove(remembered.keySet().iterator().next());
        }
        return answered;
    }

    private static String text(ReceivedMessage message) {
        return "Message from '" + message.from() + "' of type " + message.type()
                + (message.redelivered() ? ", which you may have handled before" : "") + ":\n\n"
                + ContentText.raw(message.payload());
    }
}
