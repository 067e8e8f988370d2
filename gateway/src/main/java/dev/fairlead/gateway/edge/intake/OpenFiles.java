package dev.fairlead.gateway.edge.intake;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * How many files this process may have open; each connection is one. The JVM has raised the limit to the hard one by
 * now.
 *
 * @param limit files at most
 * @param open files now
 */
public record OpenFiles(long limit, long open) {
    private static final long LEAST_RESERVE = 64;
    private static final long MOST_RESERVE = 1024;
    private static final int LEAST_CONNECTIONS = 8;

    /** Of this process; empty where the system does not tell. */
    public static Optional<OpenFiles> ofThisProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? Optional.of(new OpenFiles(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount()))
                : Optional.empty();
    }

    /** As many of the connections wanted as this process can have; says so in the log where they are fewer. */
    public static int connectionsThatFit(int wanted) {
        Optional<OpenFiles> files = ofThisProcess();
        int fit = files.map(known -> known.connections(wanted)).orElse(wanted);
        if (fit < wanted) {
            // Asked for here alone: a command that looks at the limit has no log.
            LoggerFactory.getLogger(OpenFiles.class)
                    .info(
                            "At most {} connections are taken, not {} (http.max_connections): this process may have {} open"
                                    + " files (ulimit -n, LimitNOFILE= of the unit)",
                            fit,
                            wanted,
                            files.get().limit());
        }
        return fit;
    }

    /** Of the connections wanted, as many as leave room for what is open, the store, logs and instances. */
    public int connections(int wanted) {
        long reserve = Math.min(MOST_RESERVE, Math.max(LEAST_RESERVE, limit / 8));
        return (int) Math.max(LEAST_CONNECTIONS, Math.min(wanted, limit - open - reserve));
    }
}
