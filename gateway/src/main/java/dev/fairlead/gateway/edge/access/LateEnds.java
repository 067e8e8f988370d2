package dev.fairlead.gateway.edge.access;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The sessions and keys that ended last: what one of them asked for in that very moment is not begun. Confined to one
 * event loop.
 */
public final class LateEnds {
    /** More than end in the time that a request or an upgrade takes. */
    private static final int MOST = 512;

    private final Set<String> ids = new LinkedHashSet<>();

    /** These are over. */
    public void add(Set<String> ended) {
        ids.addAll(ended);
        for (Iterator<String> oldest = ids.iterator(); ids.size() > MOST; ) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Whether that one ended lately. */
    public boolean has(String id) {
        return ids.contains(id);
    }
}
