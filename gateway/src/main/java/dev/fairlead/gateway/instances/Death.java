package dev.fairlead.gateway.instances;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The end of a process, in words. */
final class Death {
    /** A shell and the JDK add it to the number of the signal that ended a process. */
    private static final int SIGNAL = 128;

    private static final Pattern CONTROLS = Pattern.compile("\u001B\\[[0-?]*[ -/]*[@-~]|\\p{Cntrl}");

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

    /** A line without what a terminal would obey. */
    static String printable(String line) {
        return CONTROLS.matcher(line).replaceAll("");
    }

    /** What a program writes for a terminal to obey has no place in a reason, which is shown in many places. */
    static String told(List<String> lastLines) {
        return lastLines.isEmpty()
                ? ""
                : ". Its last lines: "
                        + lastLines.stream().map(Death::printable).collect(Collectors.joining(" | "));
    }
}
