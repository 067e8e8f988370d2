package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.bus.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What can be asked of the audit trail. */
public final class AuditRequests {
    private AuditRequests() {}

    /**
     * A page, newest first. Refused with {@code bad_request} where the cursor is none of ours.
     *
     * @param cursor where the page before ended; empty for the newest
     * @param limit most entries
     */
    public record Page(Optional<String> cursor, int limit) implements Request<Entries> {}

    /**
     * Some of the trail.
     *
     * @param cursor for the next page; empty where this was the last
     */
    public record Entries(List<Entry> entries, Optional<String> cursor) {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One line of the trail; see {@link AuditEvents.Recorded}.
     *
     * @param count how many entries the line stands for, which were alike
     * @param firstAt when the first of them was; {@code at} is the last
     */
    public record Entry(
            Instant at,
            String actor,
            String action,
            String target,
            String address,
            String outcome,
            String detail,
            long count,
            Instant firstAt) {}
}
