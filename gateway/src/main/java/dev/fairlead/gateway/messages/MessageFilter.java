package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which messages a list shows; what is given has to match.
 *
 * @param instance sender or recipient
 */
record MessageFilter(Optional<String> instance, Optional<String> correlationId, Optional<MessageEvent.Kind> status) {
    boolean matches(StoredMessage message) {
        return instance.map(name -> message.accepted().from().equals(name)
                                || message.accepted().to().equals(name))
                        .orElse(true)
                && correlationId
                        .map(id -> message.accepted()
                                .correlationId()
                                .filter(id::equals)
                                .isPresent())
                        .orElse(true)
                && status.map(message.status()::equals).orElse(true);
    }

    /** No message that has ended matches. */
    boolean onlyUnderWay() {
        return status.filter(one -> one == MessageEvent.Kind.ACCEPTED
                        || one == MessageEvent.Kind.DELIVERED
                        || one == MessageEvent.Kind.RETRY_SCHEDULED)
                .isPresent();
    }

    /** What a block that holds matching ones is found by. */
    List<Long> terms() {
        List<Long> terms = new ArrayList<>();
        correlationId.ifPresent(id -> terms.add(BlockTerms.correlation(id)));
        instance.ifPresent(name -> terms.add(BlockTerms.name(name)));
        status.ifPresent(one -> terms.add(BlockTerms.status(one)));
        return terms;
    }
}
