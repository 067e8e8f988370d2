package dev.fairlead.gateway.instances;

import java.util.Map;

/** A program that cannot be started; the message says why, for people. */
final class LaunchFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the system says where something is used up, as the JDK tells it, and what mends it. */
    private static final Map<String, String> REMEDIES = Map.of(
            "error=24,", "raise the gateway's limit of open files (ulimit -n, LimitNOFILE=)",
            "error=23,", "raise the system's limit of open files (fs.file-max)",
            "error=11,", "raise the limit of processes (ulimit -u, TasksMax=)",
            "native thread", "raise the limit of processes (ulimit -u, TasksMax=)",
            "error=12,", "free memory, or give the machine more",
            "error=28,", "free space on the disk",
            "No space left", "free space on the disk");

    LaunchFailure(String message) {
        super(message);
    }

    private LaunchFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The system said no. */
    static LaunchFailure refused(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        String remedy = REMEDIES.entrySet().stream()
                .filter(one -> said.contains(one.getKey()))
                .findFirst()
                .map(one -> "; " + one.getValue())
                .orElse("");
        return new LaunchFailure("the system refused: " + said + remedy, cause);
    }
}
