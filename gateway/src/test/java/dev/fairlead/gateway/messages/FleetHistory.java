package dev.fairlead.gateway.messages;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was told to senders and recipients of a fleet, held against what it promises: nothing accepted is lost, nothing
 * is made or settled twice, and of one sender the first deliveries come in order. Safe for use by several threads.
 */
final class FleetHistory {
    private final Map<String, String> idOf = new HashMap<>();
    private final Map<String, String> acceptedIds = new HashMap<>();
    private final Map<String, Integer> acknowledged = new HashMap<>();
    private final Map<String, List<Integer>> attempts = new HashMap<>();
    private final Map<String, Long> lastFirst = new HashMap<>();
    private final Set<String> delivered = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    /** @param pair sender and recipient */
    synchronized void accepted(String pair, long number, String id) {
        String message = pair + "/" + number;
        acceptedIds.put(id, message);
        String before = idOf.put(message, id);
        if (before != null && !before.equals(id)) {
            violations.add(message + " was made twice: " + before + " and " + id);
        }
    }

    synchronized void delivered(String pair, long number, String id, int attempt) {
        Integer settled = acknowledged.get(id);
        if (settled != null && attempt > settled) {
            violations.add(id + " came with attempt " + attempt + " after attempt " + settled + " was acknowledged");
        }
        attempts.computeIfAbsent(id, one -> new ArrayList<>()).add(attempt);
        String message = pair + "/" + number;
        String before = idOf.putIfAbsent(message, id);
        if (before != null && !before.equals(id)) {
            violations.add(message + " came as " + before + " and as " + id);
        }
        if (delivered.add(message)) {
            Long last = lastFirst.put(pair, number);
            if (last != null && last >= number) {
                violations.add(message + " first came after " + last);
            }
        }
    }

    synchronized void acknowledged(String id, int attempt) {
        Integer before = acknowledged.put(id, attempt);
        if (before != null && before != attempt) {
            violations.add(id + " was acknowledged by attempts " + before + " and " + attempt);
        }
    }

    /** Of the deliveries of a message so far. */
    synchronized List<Integer> attempts(String id) {
        return List.copyOf(attempts.getOrDefault(id, List.of()));
    }

    synchronized int accepted() {
        return acceptedIds.size();
    }

    synchronized Set<String> missing() {
        Set<String> missing = new HashSet<>(acceptedIds.keySet());
        missing.removeAll(acknowledged.keySet());
        return missing;
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
