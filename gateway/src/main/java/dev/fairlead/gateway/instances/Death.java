package dev.fairlead.gateway.instances;

import java.util.List;
import java.util.Optional;

/** The end of a process, in words. */
final class Death {
    /** A shell and the JDK add it to the number of the signal that ended a process. */
    private static final int SIGNAL = 128;

    private Death() {}

    static String words(Optional<Integer> code) {
        if (code.isEmpty()) {
            return "ended unseen";
        }
        int value = code.get();
        return value > SIGNAL && value < SIGNAL + 65
                ? "was ended by signal " + (value - SIGNAL)
                : "exited with code " + value;
    }

    static String told(List<String> lastLines) {
        return lastLines.isEmpty() ? "" : ". Its last lines: " + String.join(" | ", lastLines);
    }
}
