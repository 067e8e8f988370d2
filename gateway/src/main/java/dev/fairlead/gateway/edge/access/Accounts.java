package dev.fairlead.gateway.edge.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The accounts of this machine, as far as {@code /proc} and {@code /etc/passwd} tell. Reads files: for workers. */
final class Accounts {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path OVERFLOW = Path.of("/proc/sys/kernel/overflowuid");
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final long USUAL_OVERFLOW = 65_534;
    private static final int EFFECTIVE = 2;
    private static final int PASSWD_UID = 2;

    private Accounts() {}

    /** The account of this process: the effective one, which its sockets and files are made with. */
    static long own() throws IOException {
        return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> Long.valueOf(line.split("\\s+", -1)[EFFECTIVE]))
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no line 'Uid:'"));
    }

    /** What stands for every account that has no number in this user name space. */
    static long overflow() {
        try {
            return Long.parseLong(Files.readString(OVERFLOW).strip());
        } catch (IOException | NumberFormatException e) {
            return USUAL_OVERFLOW;
        }
    }

    /** {@code alice (uid 1000)}, or the number alone where the name is not known here. */
    static String told(long uid) {
        return name(uid).map(name -> name + " (uid " + uid + ")").orElse("uid " + uid);
    }

    private static Optional<String> name(long uid) {
        List<String> lines;
        try {
            lines = Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Optional.empty(); // accounts are kept elsewhere
        }
        String number = Long.toString(uid);
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > PASSWD_UID && fields[PASSWD_UID].equals(number))
                .map(fields -> fields[0])
                .findFirst();
    }
}
