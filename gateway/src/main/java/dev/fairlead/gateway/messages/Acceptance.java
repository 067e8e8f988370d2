package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import java.util.Optional;
import java.util.function.Supplier;

/** A message taken in, before it is known whether its key was used earlier; the commit tells. */
final class Acceptance {
    private final QueuedMessage message;
    private Optional<Batch.Known> known = Optional.empty();

    Acceptance(QueuedMessage message) {
        this.message = message;
    }

    QueuedMessage message() {
        return message;
    }

    /** The key was used before: nothing new was made. */
    void stoodFor(Batch.Known earlier) {
        known = Optional.of(earlier);
    }

    /**
     * The answer, after the commit.
     *
     * @throws FairleadException {@code conflict} where the key stands for another message
     */
    MessageCommands.Sent answer() {
        return known.map(earlier -> same(message.accepted.dedupe().orElseThrow(), earlier))
                .orElseGet(() ->
                        new MessageCommands.Sent(message.accepted.id().toString(), MessageEvent.Kind.ACCEPTED, false));
    }

    /** As {@link #answer}, for one who gave the same key again before the commit. */
    Supplier<MessageCommands.Sent> sameAgain(IdempotencyKey again) {
        return () -> same(
                again,
                known.orElseGet(() -> new Batch.Known(
                        message.accepted.id(),
                        MessageEvent.Kind.ACCEPTED,
                        message.accepted.dedupe().orElseThrow().content())));
    }

    private static MessageCommands.Sent same(IdempotencyKey asked, Batch.Known earlier) {
        if (asked.contradicts(earlier.content())) {
            throw new FairleadException(
                    ErrorCode.CONFLICT,
                    "The idempotency_key stands for message " + earlier.id()
                            + ", which has another type or payload; give each message a key of its own");
        }
        return new MessageCommands.Sent(earlier.id().toString(), earlier.status(), true);
    }
}
