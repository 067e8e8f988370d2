package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Answers that come in events, each with its number, so that a client whose connection was cut goes on where it was.
 * They are kept for a while after their end; where there is no room, the one that ended first makes it.
 */
final class EventLogs {
    private static final int MOST = 512;
    private static final long MOST_BYTES = 32L << 20;
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final TimeSource time;
    private final Waiters waiters;
    private final Map<String, Log> logs = new LinkedHashMap<>();
    private long bytes;

    EventLogs(TimeSource time, Waiters waiters) {
        this.time = time;
        this.waiters = waiters;
    }

    private static final class Log {
        private final String holder;
        private final List<String> events = new ArrayList<>();
        private Optional<Long> endedAt = Optional.empty(); // in nanoseconds of the monotonic clock
        private long size;

        Log(String holder) {
            this.holder = holder;
        }
    }

    /** Begins one; refused with {@code busy} where too many are under way. */
    String open(String holder) {
        if (logs.size() >= MOST || bytes >= MOST_BYTES) {
            forget(logs.entrySet().stream()
                    .filter(log -> log.getValue().endedAt.isPresent())
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .orElseThrow(() -> new FairleadException(
                            ErrorCode.BUSY,
                            "Too many calls over MCP are under way; try again",
                            Duration.ofSeconds(1))));
        }
        String id = UUID.randomUUID().toString();
        logs.put(id, new Log(holder));
        return id;
    }

    /** Adds an event; what comes after the last one is dropped. */
    void append(String id, String event, boolean last) {
        Log log = logs.get(id);
        if (log == null || log.endedAt.isPresent()) {
            return;
        }
        int size = event.getBytes(StandardCharsets.UTF_8).length;
        log.events.add(event);
        log.size += size;
        bytes += size;
        if (last) {
            log.endedAt = Optional.of(time.nanos());
        }
        waiters.ended(id);
    }

    boolean isOpen(String id) {
        return Optional.ofNullable(logs.get(id))
                .filter(log -> log.endedAt.isEmpty())
                .isPresent();
    }

    /** What came after so many events, waiting for it where there is nothing yet. */
    Future<McpCommands.Events> read(McpCommands.ReadEvents read) {
        McpCommands.Events now = after(read);
        return !now.events().isEmpty() || now.ended()
                ? Future.succeededFuture(now)
                : waiters.await(read.id(), read.patience()).map(heard -> after(read));
    }

    /** Those that ended a while ago go. */
    void prune() {
        long before = time.nanos() - KEPT.toNanos();
        logs.entrySet().stream()
                .filter(log ->
                        log.getValue().endedAt.filter(at -> at - before < 0).isPresent())
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::forget);
    }

    private void forget(String id) {
        bytes -= logs.remove(id).size;
    }

    private McpCommands.Events after(McpCommands.ReadEvents read) {
        Log log = Optional.ofNullable(logs.get(read.id()))
                .filter(found -> found.holder.equals(read.holder()))
                .filter(found -> read.after() >= 0 && read.after() <= found.events.size())
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.NOT_FOUND, "No such stream of events is kept (any more); make the call again"));
        return new McpCommands.Events(
                List.copyOf(log.events.subList(read.after(), log.events.size())), log.endedAt.isPresent());
    }
}
