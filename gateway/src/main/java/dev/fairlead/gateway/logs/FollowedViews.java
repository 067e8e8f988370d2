package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.time.StateMachine;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The views of logs of other nodes that somebody watches on this one. Plain state; times are nanoseconds of the
 * monotonic clock.
 */
@StateMachine
final class FollowedViews {
    private static final class Followed {
        private final String home;
        private long usedAt;

        Followed(String home, long usedAt) {
            this.home = home;
            this.usedAt = usedAt;
        }
    }

    private final Map<String, Followed> views = new HashMap<>();

    /** Somebody watches a view of a log that is on node {@code home}. */
    void follow(String view, String home, long now) {
        views.put(view, new Followed(home, now));
    }

    /** Somebody watches these, ours among them. */
    void inUse(Collection<String> names, long now) {
        names.forEach(name -> {
            Followed view = views.get(name);
            if (view != null) {
                view.usedAt = now;
            }
        });
    }

    /** What is still watched, by the node it is on. */
    Map<String, Set<String>> byHome(long now) {
        views.values().removeIf(view -> now - view.usedAt > LogTail.LINGER.toNanos());
        Map<String, Set<String>> all = new TreeMap<>();
        views.forEach((name, view) ->
                all.computeIfAbsent(view.home, none -> new TreeSet<>()).add(name));
        return all;
    }

    /** Whether what node {@code home} tells of a view is meant for somebody. */
    boolean shows(String view, String home) {
        Followed known = views.get(view);
        return known != null && known.home.equals(home);
    }

    /** The views of logs on a node. */
    List<String> of(String home) {
        return views.entrySet().stream()
                .filter(one -> one.getValue().home.equals(home))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Nothing more will come of a view. */
    void ended(String view) {
        views.remove(view);
    }
}
