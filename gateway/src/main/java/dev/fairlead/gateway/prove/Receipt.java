package dev.fairlead.gateway.prove;

import java.util.List;
import java.util.Map;

/**
 * What a run has shown.
 *
 * @param seed of its faults: the same makes the same ones in the same order
 * @param faults how many of each kind
 * @param leftOut kinds that could not be made here, and why
 * @param acknowledged messages the gateway said it has
 * @param settled of which it said that it has the recipient's acknowledgement
 * @param lost acknowledged ones that never came, or that it did not know at the end
 * @param twice messages that came as two, or again after their acknowledgement was taken
 * @param longestSilenceMs between two moments in which it served
 * @param slowestReturnMs from the end of a fault until it served
 * @param mostLogLines that a fault made it write
 * @param highestLoad of the machine, for each of its processors; above 2 the bounds of returns grow with it
 * @param broken a line for each promise that was broken; none where all were kept
 */
public record Receipt(
        long seed,
        long seconds,
        int faultsMade,
        Map<String, Integer> faults,
        List<String> leftOut,
        long acknowledged,
        long settled,
        long lost,
        long twice,
        long longestSilenceMs,
        long slowestReturnMs,
        long mostLogLines,
        double highestLoad,
        List<String> broken) {

    public Receipt {
        leftOut = List.copyOf(leftOut);
        broken = List.copyOf(broken);
    }

    /** Whether every promise was kept. */
    public boolean kept() {
        return broken.isEmpty();
    }
}
