package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An instance as streams and lists show it. Its command and environment are not part of it.
 *
 * @param port told to the process as {@code PORT}
 * @param pid of the process while there is one
 * @param archivedAt null where it is not archived
 * @param health the last check's result in a word
 * @param restarts since it was last started by hand
 * @param exitCode of the last process that ended
 * @param reason why it is in this state, where that needs a word
 * @param startedAt when the process that runs now was started
 * @param node the node of the cluster it lives on
 * @param stored false while what became of it is true but not stored yet; absent otherwise
 * @param protocol that the gateway speaks to its program: {@code acp}; absent where it speaks none
 * @param labels what it is sorted by, by key, such as {@code team} with {@code a}; absent where a gateway of the
 *     release before tells of it
 */
public record InstanceSummary(
        String name,
        InstanceStatus status,
        @JsonInclude(ALWAYS) Optional<Integer> port,
        @JsonInclude(ALWAYS) Optional<Long> pid,
        @JsonInclude(ALWAYS) Optional<Instant> archivedAt,
        Optional<String> health,
        int restarts,
        Optional<Integer> exitCode,
        Optional<String> reason,
        Optional<Instant> startedAt,
        Optional<String> node,
        Instant createdAt,
        Optional<Boolean> stored,
        Optional<String> protocol,
        Optional<Map<String, String>> labels) {
    public InstanceSummary {
        labels = labels.map(by -> Collections.unmodifiableMap(new TreeMap<>(by)));
    }

    /** The same, with word that it is not stored yet. */
    public InstanceSummary notStored() {
        return as(status, pid, health, reason, startedAt, Optional.of(false));
    }

    /** The same, of which nobody can tell how it is now. */
    public InstanceSummary unknown(String why) {
        return as(
                InstanceStatus.UNKNOWN, Optional.empty(), Optional.empty(), Optional.of(why), Optional.empty(), stored);
    }

    private InstanceSummary as(
            InstanceStatus status,
            Optional<Long> pid,
            Optional<String> health,
            Optional<String> reason,
            Optional<Instant> startedAt,
            Optional<Boolean> stored) {
        return new InstanceSummary(
                name,
                status,
                port,
                pid,
                archivedAt,
                health,
                restarts,
                exitCode,
                reason,
                startedAt,
                node,
                createdAt,
                stored,
                protocol,
                labels);
    }
}
