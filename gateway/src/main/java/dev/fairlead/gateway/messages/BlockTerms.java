package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What blocks are found by: 64 bits of what is looked for (FNV-1a). Two texts may share them, so that what is found is
 * looked at again.
 */
final class BlockTerms {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private BlockTerms() {}

    /** Sender or recipient. */
    static long name(String name) {
        return digest('n', name);
    }

    static long correlation(String id) {
        return digest('c', id);
    }

    static long status(MessageEvent.Kind status) {
        return digest('s', status.wire());
    }

    static long key(String dedupe) {
        return digest('k', dedupe);
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

    private static long digest(char kind, String text) {
        long hash = (BASIS ^ kind) * PRIME;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash ^ (hash >>> 32);
    }
}
