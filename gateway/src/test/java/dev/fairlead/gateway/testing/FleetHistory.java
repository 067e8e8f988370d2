package dev.fairlead.gateway.testing;

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
public final class FleetHistory {
    private final Map<String, String> idOf = new HashMap<>();
    private final Map<String, String> acceptedIds = new HashMap<>();
    private final Map<String, Integer> acknowledged = new HashMap<>();
    private final Map<String, List<Integer>> attempts = new HashMap<>();
    private final Map<String, Long> lastFirst = new HashMap<>();
    private final Set<String> delivered = new HashSet<>();
    private final Set<String> leases = new HashSet<>();
    private final Set<String> entitled = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> overtaken = new ArrayList<>();
    private final Map<String, List<String>> trails = new HashMap<>();

    /**
     * It was said to be accepted.
     *
     * @param pair sender and recipient
     */
    public synchronized void accepted(String pair, long number, String id) {
        String message = pair + "/" + number;
        acceptedIds.put(id, message);
        String before = idOf.put(message, id);
        if (before != null && !before.equals(id)) {
            violations.add(message + " was made twice: " + before + " and " + id);
        }
    }

    public synchronized void delivered(String pair, long number, String id, int attempt) {
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
                overtaken.add(message + " first came after " + last);
            }
        }
    }

    /** As above, over a connection of its recipient's, told apart by what nobody else has. */
    public synchronized void delivered(String pair, long number, String id, int attempt, long connection) {
        leases.add(id + "/" + attempt + "@" + connection);
        delivered(pair, number, id, attempt);
    }

    /** An acknowledgement leaves over that connection; only where the attempt came over it may it be taken. */
    public synchronized void acknowledging(String id, int attempt, long connection) {
        if (leases.contains(id + "/" + attempt + "@" + connection)) {
            entitled.add(id + "/" + attempt);
        }
    }

    /** One that {@link #acknowledging} told of was taken. */
    public synchronized void taken(String id, int attempt) {
        if (!entitled.contains(id + "/" + attempt)) {
            violations.add(id + ", attempt " + attempt + ", was acknowledged over a connection it never came over");
        }
        acknowledged(id, attempt);
    }

    public synchronized void acknowledged(String id, int attempt) {
        Integer before = acknowledged.put(id, attempt);
        if (before != null && before != attempt) {
            violations.add(id + " was acknowledged by attempts " + before + " and " + attempt);
        }
    }

    /** Of the deliveries of a message so far. */
    public synchronized List<Integer> attempts(String id) {
        return List.copyOf(attempts.getOrDefault(id, List.of()));
    }

    public synchronized int accepted() {
        return acceptedIds.size();
    }

    /** Of all that was accepted. */
    public synchronized Set<String> ids() {
        return Set.copyOf(acceptedIds.keySet());
    }

    /** What was told of a message, in words, for whoever has to find out why it is {@link #missing}. */
    public synchronized void told(String id, String what) {
        trails.computeIfAbsent(id, one -> new ArrayList<>()).add(what);
    }

    /** All that are {@link #missing}, each with what was told of it. */
    public synchronized List<String> trailsOfMissing() {
        return missing().stream()
                .map(id -> acceptedIds.get(id) + " " + id + " " + trails.getOrDefault(id, List.of()))
                .toList();
    }

    public synchronized Set<String> missing() {
        Set<String> missing = new HashSet<>(acceptedIds.keySet());
        missing.removeAll(acknowledged.keySet());
        return missing;
    }

    /** All that breaks a promise. */
    public synchronized List<String> violations() {
        List<String> all = new ArrayList<>(contradictions());
        all.addAll(overtaken);
        return all;
    }

    /** Of these, all but what came out of order. */
    public synchronized List<String> contradictions() {
        return List.copyOf(violations);
    }
}
