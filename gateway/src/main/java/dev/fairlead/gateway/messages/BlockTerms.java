package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What blocks are found by: a {@link TextHash} of what is looked for. Two texts may share one, so that what is found is
 * looked at again.
 */
final class BlockTerms {
    private BlockTerms() {}

    /** Sender or recipient. */
    static long name(String name) {
        return TextHash.of('n', name);
    }

    static long correlation(String id) {
        return TextHash.of('c', id);
    }

    static long status(MessageEvent.Kind status) {
        return TextHash.of('s', status.wire());
    }

    static long key(String dedupe) {
        return TextHash.of('k', dedupe);
    }

    /** All but the keys of what a block holds. */
    static Set<Long> of(List<MessageRecord> records) {
        Set<Long> terms = new HashSet<>();
        for (MessageRecord record : records) {
            StoredMessage message = record.message();
            terms.add(name(message.accepted().from()));
            terms.add(name(message.accepted().to()));
            terms.add(status(message.status()));
            message.accepted().correlationId().ifPresent(id -> terms.add(correlation(id)));
        }
        return terms;
    }
}
