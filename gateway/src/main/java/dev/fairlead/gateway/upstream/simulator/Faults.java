package dev.fairlead.gateway.upstream.simulator;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The faults that are switched on, each for ever or for so many times. May be switched from any thread. */
public final class Faults {
    /** For ever. */
    private static final int ALWAYS = Integer.MAX_VALUE;

    private final Map<Fault, Integer> left = new EnumMap<>(Fault.class);

    /**
     * Switches these on and all others off.
     *
     * @param faults each as {@code name} or {@code name:times}
     * @throws IllegalArgumentException for a name or number that is none; nothing has changed then
     */
    public synchronized void set(List<String> faults) {
        Map<Fault, Integer> wanted = new EnumMap<>(Fault.class);
        for (String fault : faults) {
            int colon = fault.indexOf(':');
            String name = colon < 0 ? fault : fault.substring(0, colon);
            wanted.put(
                    Fault.of(name).orElseThrow(() -> unknown(name)),
                    colon < 0 ? ALWAYS : times(fault.substring(colon + 1)));
        }
        left.clear();
        left.putAll(wanted);
    }

    /** Switches one on besides the others, for ever. */
    public synchronized void on(Fault fault) {
        left.put(fault, ALWAYS);
    }

    /** Switches one on besides the others, for {@code times} times. */
    public synchronized void on(Fault fault, int times) {
        left.put(fault, times);
    }

    /** Switches all off. */
    public synchronized void clear() {
        left.clear();
    }

    /** Whether {@code fault} is to happen now; one that is limited has then happened once more. */
    synchronized boolean happens(Fault fault) {
        Integer times = left.get(fault);
        if (times == null) {
            return false;
        }
        if (times != ALWAYS) {
            left.computeIfPresent(fault, (same, count) -> count > 1 ? count - 1 : null);
        }
        return true;
    }

    /** Whether {@code fault} is on, without using it up. */
    synchronized boolean isOn(Fault fault) {
        return left.containsKey(fault);
    }

    /** What is on, as it is written. */
    synchronized List<String> list() {
        Map<String, Integer> sorted = new TreeMap<>();
        left.forEach((fault, times) -> sorted.put(fault.wire(), times));
        return sorted.entrySet().stream()
                .map(entry -> entry.getValue() == ALWAYS ? entry.getKey() : entry.getKey() + ":" + entry.getValue())
                .toList();
    }

    /** All names there are. */
    public static String names() {
        return Arrays.stream(Fault.values()).map(Fault::wire).collect(Collectors.joining(", "));
    }

    private static int times(String text) {
        try {
            int times = Integer.parseInt(text);
            if (times > 0) {
                return times;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of bounds
        }
        throw new IllegalArgumentException("A fault happens a whole number of times, not '" + text + "'");
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("No fault '" + name + "'; there are: " + names());
    }
}
