package dev.fairlead.gateway.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the database did not take, in the order in which it came, until it does. A row that counts on takes the place it
 * had. Confined to one event loop.
 */
final class AuditBacklog {
    /** Most that waits; what comes on top is dropped and counted: a database may be away for long. */
    static final int MOST = 4_096;

    private final Map<Object, AuditTrail.Keepable> waiting = new LinkedHashMap<>();

    private long dropped;

    /** Takes up what is to be written later. */
    void add(AuditTrail.Keepable what) {
        Object key = what instanceof AuditGroups.Row row ? row.id() : new Object();
        if (waiting.size() >= MOST && !waiting.containsKey(key)) {
            dropped++;
        } else {
            waiting.put(key, what);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** How many came while there was no room, since that was asked for last by {@link #takeDropped}. */
    long dropped() {
        return dropped;
    }

    /** All of it, oldest first. */
    List<AuditTrail.Keepable> all() {
        return new ArrayList<>(waiting.values());
    }

    /** Lets go of these, as they were given; what has counted on since stays. */
    void remove(List<AuditTrail.Keepable> written) {
        Set<AuditTrail.Keepable> same = Collections.newSetFromMap(new IdentityHashMap<>());
        same.addAll(written);
        waiting.values().removeIf(same::contains);
    }

    /** As {@link #dropped}, and begins to count anew. */
    long takeDropped() {
        long result = dropped;
        dropped = 0;
        return result;
    }
}
