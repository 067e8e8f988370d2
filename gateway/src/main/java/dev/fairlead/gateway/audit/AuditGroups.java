package dev.fairlead.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What was refused or failed, put together: one row a minute for each address and kind, with how often. A stranger can
 * knock as often as they like without filling the trail. Confined to one event loop; what comes in costs a look into a
 * map, and is written behind.
 */
final class AuditGroups {
    /** How long a row takes up what is like it. */
    static final Duration SPAN = Duration.ofMinutes(1);

    /** Most rows that take up something at a time, of strangers and of all others: what is more shares rows. */
    static final int MOST = 512;

    /** Most of them for one who is known: what that one makes up of names to be told apart costs no other anything. */
    static final int MOST_OF_ONE = 32;

    /** The address of rows that what is more shares. */
    static final String ELSEWHERE = "elsewhere";

    /** What is like what: for who is known, all but its time; for strangers, the address and the kind. */
    private record Key(String actor, String address, String action, String outcome, String target, String detail) {
        static Key of(AuditEvents.Recorded entry) {
            return isOfStranger(entry)
                    ? new Key(entry.actor(), entry.address(), entry.action(), entry.outcome(), "", "")
                    : new Key(
                            entry.actor(),
                            entry.address(),
                            entry.action(),
                            entry.outcome(),
                            entry.target(),
                            entry.detail());
        }
    }

    /**
     * A row as it is to be written.
     *
     * @param last the newest of those in it
     */
    record Row(String id, AuditEvents.Recorded last, Instant firstAt, long count) implements AuditTrail.Keepable {}

    private static final class Group {
        private final String id = UUID.randomUUID().toString();
        private final Instant firstAt;
        private final long endsAt;
        private AuditEvents.Recorded last;
        private long count;
        private long written;

        Group(AuditEvents.Recorded first, long endsAt) {
            this.firstAt = first.at();
            this.endsAt = endsAt;
            this.last = first;
        }
    }

    /** Apart, so that strangers do not take from others what tells them apart. */
    private final Map<Key, Group> strangers = new LinkedHashMap<>();

    private final Map<Key, Group> others = new LinkedHashMap<>();

    /** How many of those are whose. */
    private final Map<String, Integer> rowsOf = new HashMap<>();

    /** Whether an entry is one of those that are put together. */
    static boolean takes(AuditEvents.Recorded entry) {
        return !entry.outcome().equals(AuditEvents.OK);
    }

    /**
     * Takes an entry up.
     *
     * @param now nanoseconds of the monotonic clock: a leap of the other one makes no row longer
     */
    void add(AuditEvents.Recorded entry, long now) {
        boolean stranger = isOfStranger(entry);
        Map<Key, Group> groups = stranger ? strangers : others;
        AuditEvents.Recorded taken = entry;
        if (!groups.containsKey(Key.of(entry))) {
            if (groups.size() >= MOST) {
                taken = summed(entry, ELSEWHERE);
            } else if (!stranger && rowsOf.getOrDefault(entry.actor(), 0) >= MOST_OF_ONE) {
                AuditEvents.Recorded there = summed(entry, entry.address());
                boolean hasRow = rowsOf.get(entry.actor()) == MOST_OF_ONE || groups.containsKey(Key.of(there));
                taken = hasRow ? there : summed(entry, ELSEWHERE); // one may come from ever other addresses
            }
        }
        Group group = groups.get(Key.of(taken));
        if (group == null) {
            group = new Group(taken, now + SPAN.toNanos());
            groups.put(Key.of(taken), group);
            if (!stranger) {
                rowsOf.merge(entry.actor(), 1, Integer::sum);
            }
        }
        group.count++;
        group.last = taken;
    }

    boolean isEmpty() {
        return strangers.isEmpty() && others.isEmpty();
    }

    /**
     * What has come since the last time, to be written; rows whose time is over take up nothing more.
     *
     * @param now as for {@link #add}
     */
    List<Row> due(long now) {
        List<Row> rows = new ArrayList<>();
        due(strangers.values(), now, rows);
        due(others.values(), now, rows);
        rowsOf.clear();
        others.keySet().forEach(key -> rowsOf.merge(key.actor(), 1, Integer::sum));
        return rows;
    }

    private static void due(Collection<Group> groups, long now, List<Row> rows) {
        groups.removeIf(group -> {
            if (group.count > group.written) {
                rows.add(new Row(group.id, group.last, group.firstAt, group.count));
                group.written = group.count;
            }
            return now - group.endsAt >= 0;
        });
    }

    private static boolean isOfStranger(AuditEvents.Recorded entry) {
        return entry.actor().equals(AuditEvents.STRANGER);
    }

    /** Who it was stays, as far as that is known: there are as many as have been given a credential. */
    private static AuditEvents.Recorded summed(AuditEvents.Recorded entry, String address) {
        return new AuditEvents.Recorded(entry.at(), entry.actor(), entry.action(), "", address, entry.outcome(), "");
    }
}
