package dev.fairlead.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command in the documentation.
 *
 * @param command as it is typed
 * @param below what stands below it
 */
record ShownCommand(String command, List<String> below) {
    private static final String FENCE = "```";
    private static final String PROMPT = "$ ";
    /** A request that says no more than an address. */
    private static final Pattern LOOK = Pattern.compile("curl -s \\S+");

    /** Those in a page's fences that have no language, in their order. */
    static List<ShownCommand> on(Path page) throws IOException {
        List<ShownCommand> shown = new ArrayList<>();
        String open = ""; // the line that opened the fence
        boolean typed = false; // in this fence
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith(FENCE)) {
                open = open.isEmpty() ? line : "";
                typed = false;
            } else if (open.equals(FENCE)) {
                if (line.startsWith(PROMPT)) {
                    typed = true;
                    shown.add(new ShownCommand(line.substring(PROMPT.length()), new ArrayList<>()));
                } else if (typed) {
                    shown.get(shown.size() - 1).below().add(line);
                }
            }
        }
        return shown;
    }

    /** Whether it runs until it is told to end. */
    boolean goesOn() {
        return command.endsWith("fairlead agent")
                || command.endsWith("fairlead serve")
                || command.startsWith("fairlead ws ")
                || command.endsWith(" -f");
    }

    /** Whether it only looks at what becomes of what was done before it, and may be typed again until that is there. */
    boolean looks() {
        return command.contains(" ls")
                || command.startsWith("fairlead quote")
                || LOOK.matcher(command).matches();
    }

    /** The same with another name. */
    ShownCommand with(String name, String other) {
        return new ShownCommand(
                command.replace(name, other),
                below.stream().map(line -> line.replace(name, other)).toList());
    }
}
