package dev.fairlead.protocol.client;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Subject;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The durable messages of an agent. What is sent is kept here until the gateway has it on disk, over any number of
 * reconnects, and stays one message. What is received is acknowledged when its handler is done with it, and delivered
 * again where it fails or the connection is lost: a handler may see a message twice, and knows it by its id.
 */
public final class AgentMessages {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    /** Before messages the gateway did not take are sent again. */
    private static final Duration RESEND_AFTER = Duration.ofMillis(500);

    /** How often a lease is prolonged while its handler works: well below the gateway's shortest usual lease. */
    private static final Duration EXTEND_EVERY = Duration.ofSeconds(10);

    private final AgentClient client;
    private final Context context;
    private final MessageOutbox outbox;

    AgentMessages(AgentClient client, Context context) {
        this.client = client;
        this.context = context;
        this.outbox = new MessageOutbox(
                data -> client.request(AgentSubjects.MESSAGE_SEND.value(), data, ANSWER_TIMEOUT)
                        .map(MessageOutbox::accepted),
                retry -> context.owner().setTimer(RESEND_AFTER.toMillis(), due -> retry.run()));
    }

    /**
     * Sends a message.
     *
     * @return completes when the gateway has it on disk, however long that takes. Fails where it refuses it
     *     ({@code unknown_recipient}, {@code payload_too_large}, {@code bad_request}), where too many wait here
     *     ({@code busy}), or the client ends first ({@code connection_lost})
     */
    public Future<AgentData.Accepted> send(OutgoingMessage message) {
        Promise<AgentData.Accepted> taken = Promise.promise();
        context.runOnContext(go -> outbox.add(message, taken));
        return taken.future();
    }

    /**
     * Handles messages. Where the handler's future completes the message is acknowledged; where it fails, it is tried
     * again later, with the failure's text as the reason people see. While a handler works its lease is prolonged. Up
     * to 64 may be at work at once: a handler that wants fewer queues them.
     */
    public AgentMessages onMessage(Function<ReceivedMessage, ? extends Future<?>> handler) {
        client.onRequest(AgentSubjects.MESSAGE_DELIVER.value(), request -> {
            ReceivedMessage message = ReceivedMessage.of(request.as(AgentData.Deliver.class));
            long extending = context.owner()
                    .setPeriodic(
                            EXTEND_EVERY.toMillis(),
                            due -> settle(AgentSubjects.MESSAGE_EXTEND, message, Optional.empty()));
            Future.succeededFuture(message)
                    .compose(given -> handler.apply(given).map(done -> (Object) done))
                    .onComplete(done -> {
                        context.owner().cancelTimer(extending);
                        if (done.succeeded()) {
                            settle(AgentSubjects.MESSAGE_ACK, message, Optional.empty());
                        } else {
                            settle(AgentSubjects.MESSAGE_FAIL, message, Optional.of(reason(done.cause())));
                        }
                    });
            return Future.succeededFuture();
        });
        return this;
    }

    /** The client has ended. */
    void stopped() {
        outbox.failAll(new FairleadException(ErrorCode.CONNECTION_LOST, "The agent was closed before it was sent"));
    }

    /** Lost with the connection it was to go out on, it is of no use on another: the gateway delivers again. */
    private void settle(Subject how, ReceivedMessage message, Optional<String> reason) {
        AgentData.Settle data = new AgentData.Settle(message.messageId(), message.attempt(), reason);
        Consumer<Throwable> told = failure -> {
            if (!(failure instanceof FairleadException refusal && refusal.code() == ErrorCode.CONNECTION_LOST)) {
                client.problem("Message " + message.messageId() + ", attempt " + message.attempt() + ": " + how
                        + " was not taken: " + failure.getMessage());
            }
        };
        client.request(how.value(), data, ANSWER_TIMEOUT).onFailure(told::accept);
    }

    private static String reason(Throwable failure) {
        return Optional.ofNullable(failure.getMessage())
                .orElseGet(() -> failure.getClass().getSimpleName());
    }
}
