package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that became of an instance.
 *
 * @param kind {@code created}, {@code changed}, {@code archived}, {@code unarchived}, {@code exited}, {@code missed} or
 *     {@code skipped} of a time of its schedule, or the status it went over to: {@code starting}, {@code running},
 *     {@code unhealthy}, {@code stopping}, {@code stopped}, {@code failed}
 * @param reason why, where there is one
 * @param exitCode of its process, 128 and the signal's number where a signal ended it; only where {@code exited}
 * @param pid of its process, where it has one then
 * @param restarts since it was last started by hand
 * @param actor who did it, where somebody did
 * @param lastLines what its log ended with; only where {@code exited}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HistoryEntry(
        Instant at,
        String kind,
        Optional<String> reason,
        Optional<Integer> exitCode,
        Optional<Long> pid,
        int restarts,
        Optional<String> actor,
        List<String> lastLines) {
    /** The kind of the end of a process. */
    static final String EXITED = "exited";

    public HistoryEntry {
        lastLines = List.copyOf(lastLines);
    }

    /** The end of a process, as it was seen. */
    record Exit(Instant at, Optional<Integer> code, List<String> lastLines) {
        Exit {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** What a decision adds to the history of its instance; nothing, where that is deleted and its history with it. */
    static List<HistoryEntry> of(Decision decision) {
        List<HistoryEntry> entries = new ArrayList<>();
        decision.after().ifPresent(after -> {
            decision.exit().ifPresent(exit -> entries.add(exited(exit, after)));
            decision.note().ifPresent(entries::add);
            for (Effect effect : decision.effects()) {
                if (effect instanceof Effect.Publish publish && publish.event() instanceof InstanceEvent.Of event) {
                    entries.add(of(event, decision.actor()));
                }
            }
        });
        return entries;
    }

    private static HistoryEntry exited(Exit exit, Instance after) {
        return new HistoryEntry(
                exit.at(),
                EXITED,
                Optional.of("It " + Death.words(exit.code())),
                exit.code(),
                Optional.empty(),
                after.restarts(),
                Optional.empty(),
                exit.lastLines().stream().map(Death::printable).toList());
    }

    private static HistoryEntry of(InstanceEvent.Of event, Optional<String> actor) {
        InstanceSummary instance = event.instance();
        boolean status = event instanceof InstanceEvent.StatusChanged;
        return new HistoryEntry(
                event.at(),
                status
                        ? instance.status().wire()
                        : event.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                status ? instance.reason() : Optional.empty(),
                Optional.empty(),
                instance.pid(),
                instance.restarts(),
                actor,
                List.of());
    }
}
