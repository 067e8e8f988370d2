package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.util.Optional;

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

    /** The answer to one who sent the same again before the commit. */
    MessageCommands.Sent answerAgain() {
        MessageCommands.Sent first = answer();
        return new MessageCommands.Sent(first.messageId(), first.status(), true);
    }

    /** The answer, after the commit. */
    MessageCommands.Sent answer() {
        return known.map(earlier -> new MessageCommands.Sent(earlier.id().toString(), earlier.status(), true))
                .orElseGet(() ->
                        new MessageCommands.Sent(message.accepted.id().toString(), MessageEvent.Kind.ACCEPTED, false));
    }
}
