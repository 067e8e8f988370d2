package dev.fairlead.gateway.prove;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Holds what was seen against what is promised. Confined to one thread. */
final class HistoryChecker {
    /** Milliseconds from a fault's end until all is served again. */
    static final long RETURN_MS = 5_000;

    /** As much where the process had to be started again. */
    static final long RETURN_RESTARTED_MS = 10_000;

    /** Up to this load for each processor a machine is one that has time for a gateway; beyond it takes longer. */
    static final double BUSY = 2;

    /** Lines a fault may make the gateway write. */
    static final long LOG_LINES = 20;

    /** Of what is broken many times over, so many are told. */
    private static final int TOLD = 5;

    private final Map<String, String> idOfKey = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<String> missing = new HashSet<>();
    private final Set<String> twice = new HashSet<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<Integer, HistoryEvent.FaultBegan> begun = new HashMap<>();
    private final Map<Integer, HistoryEvent.FaultEnded> waiting = new TreeMap<>();
    private final Map<Integer, HistoryEvent.FaultEnded> ended = new HashMap<>();
    private final Map<Integer, Long> returned = new HashMap<>();
    private final List<String> broken = new ArrayList<>();
    private Optional<HistoryEvent.Served> lastServed = Optional.empty();
    private long end;
    private long longestSilence;
    private long slowestReturn;
    private long mostLines;
    private double highestLoad;

    /** Takes up what was seen next. */
    void see(HistoryEvent event) {
        end = Math.max(end, event.at());
        if (event instanceof HistoryEvent.Accepted accepted) {
            acknowledged.add(accepted.messageId());
            isOne(accepted.key(), accepted.messageId());
        } else if (event instanceof HistoryEvent.Delivered came) {
            isOne(came.key(), came.messageId());
            delivered.add(came.messageId());
            if (settled.contains(came.messageId())) {
                twice.add(came.messageId());
            }
        } else if (event instanceof HistoryEvent.Settled done) {
            settled.add(done.messageId());
        } else if (event instanceof HistoryEvent.Missing gone) {
            missing.add(gone.messageId());
        } else if (event instanceof HistoryEvent.Served served) {
            served(served);
        } else if (event instanceof HistoryEvent.FaultBegan fault) {
            faults.merge(fault.kind().words(), 1, Integer::sum);
            begun.put(fault.number(), fault);
        } else if (event instanceof HistoryEvent.FaultEnded over) {
            waiting.put(over.number(), over);
            ended.put(over.number(), over);
        } else if (event instanceof HistoryEvent.Measured measured) {
            measured(measured);
        } else if (event instanceof HistoryEvent.Problem problem) {
            broken.add(problem.what());
        } else if (event instanceof HistoryEvent.Ended ended) {
            silence(ended.at());
        }
    }

    /** The verdict on all that was seen. */
    Receipt receipt(long seed, List<String> leftOut) {
        List<String> all = new ArrayList<>(broken);
        waiting.values().forEach(over -> all.add(named(over.number()) + ": nothing was served after it"));
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(delivered);
        lost.addAll(missing);
        tell(all, lost, "was acknowledged and is lost");
        tell(all, twice, "came twice");
        return new Receipt(
                seed,
                end / 1_000,
                begun.size(),
                faults,
                leftOut,
                acknowledged.size(),
                settled.size(),
                lost.size(),
                twice.size(),
                longestSilence,
                slowestReturn,
                mostLines,
                Math.round(highestLoad * 10) / 10.0,
                all);
    }

    private void isOne(String key, String messageId) {
        String first = idOfKey.putIfAbsent(key, messageId);
        if (first != null && !first.equals(messageId)) {
            twice.add(messageId);
        }
    }

    private void served(HistoryEvent.Served served) {
        silence(served.at());
        lastServed = Optional.of(served);
        waiting.values().removeIf(over -> {
            long after = served.at() - over.at();
            returned.put(over.number(), after);
            slowestReturn = Math.max(slowestReturn, after);
            return true;
        });
    }

    private void silence(long until) {
        lastServed.ifPresent(last -> longestSilence = Math.max(longestSilence, until - last.at()));
    }

    private void measured(HistoryEvent.Measured fault) {
        highestLoad = Math.max(highestLoad, fault.load());
        mostLines = Math.max(mostLines, fault.lines());
        if (fault.lines() > LOG_LINES) {
            broken.add(named(fault.number()) + ": " + fault.lines() + " lines in the log, more than " + LOG_LINES);
        }
        HistoryEvent.FaultEnded over = ended.get(fault.number());
        Long after = returned.get(fault.number());
        if (over != null && after != null) {
            double stretched = Math.max(1, fault.load() / BUSY);
            long bound = (long) ((over.restarted() ? RETURN_RESTARTED_MS : RETURN_MS) * stretched);
            if (after > bound) {
                broken.add(named(fault.number()) + ": served again " + after + " ms after its end, more than " + bound);
            }
        }
    }

    private String named(int number) {
        HistoryEvent.FaultBegan fault = begun.get(number);
        return "Fault " + number
                + (fault == null
                        ? ""
                        : " (" + fault.kind() + (fault.detail().isEmpty() ? "" : ", " + fault.detail()) + ")");
    }

    private static void tell(List<String> broken, Set<String> messages, String what) {
        messages.stream().sorted().limit(TOLD).forEach(id -> broken.add("Message " + id + " " + what));
        if (messages.size() > TOLD) {
            broken.add((messages.size() - TOLD) + " more messages: " + what);
        }
    }
}
