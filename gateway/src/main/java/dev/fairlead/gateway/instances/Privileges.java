package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this process may do beyond its own account, as the kernel has it in {@code /proc/self/status}.
 *
 * @param uid its effective one
 * @param missing the capabilities that running programs as another account needs and that it has not
 */
record Privileges(long uid, List<String> missing) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int HEXADECIMAL = 16;
    private static final int EFFECTIVE_UID = 2;

    /** By their numbers in {@code linux/capability.h}. */
    private static final Map<Integer, String> NEEDED = needed();

    private static Map<Integer, String> needed() {
        Map<Integer, String> needed = new LinkedHashMap<>();
        needed.put(7, "CAP_SETUID");
        needed.put(6, "CAP_SETGID");
        needed.put(5, "CAP_KILL"); // to end them
        needed.put(19, "CAP_SYS_PTRACE"); // to read the mark by which what they started is found again
        return needed;
    }

    static Privileges ofThisProcess() throws LaunchFailure {
        try {
            List<String> lines = Files.readAllLines(STATUS);
            long capabilities = Long.parseUnsignedLong(field(lines, "CapEff:", 1), HEXADECIMAL);
            return new Privileges(
                    Long.parseLong(field(lines, "Uid:", EFFECTIVE_UID)),
                    NEEDED.entrySet().stream()
                            .filter(needed -> (capabilities >>> needed.getKey() & 1) == 0)
                            .map(Map.Entry::getValue)
                            .toList());
        } catch (IOException e) {
            throw new LaunchFailure("what the gateway may do is not told by this system (" + e.getMessage() + ")");
        }
    }

    private static String field(List<String> lines, String name, int place) throws IOException {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.split("\\s+", -1)[place])
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no line '" + name + "'"));
    }
}
