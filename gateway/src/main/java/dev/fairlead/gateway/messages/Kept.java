package dev.fairlead.gateway.messages;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Messages that are in memory and, as far as is known, in no block: what queries look at first. */
interface Kept {
    Optional<KeptMessage> find(UUID id);

    Optional<KeptMessage> find(long sequence);

    Collection<KeptMessage> allMessages();

    /** The newest below a number that match, newest first. */
    List<StoredMessage> newest(long before, Predicate<StoredMessage> filter, int most);
}
