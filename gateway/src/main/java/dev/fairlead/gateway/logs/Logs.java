package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The logs that are in use: opened when they are asked for, closed when nobody has for a while. On one event loop. */
final class Logs {
    /** Work on an open log; may block. */
    @FunctionalInterface
    interface Work<T> {
        T on(OpenLog log) throws Exception;
    }

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final class Entry {
        private final SerialWork work = new SerialWork(workers);
        private Optional<OpenLog> open = Optional.empty(); // touched by the work alone
        private long usedAt;
    }

    private final DataFolder data;
    private final Settings.Logs settings;
    private final FileBlocks blocks;
    private final TimeSource time;
    private final WorkerExecutor workers;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Long> unseen = new ConcurrentHashMap<>(); // asked for by the work

    Logs(DataFolder data, Settings.Logs settings, FileBlocks blocks, TimeSource time, WorkerExecutor workers) {
        this.data = data;
        this.settings = settings;
        this.blocks = blocks;
        this.time = time;
        this.workers = workers;
    }

    /** What was there already when this life began: bytes of each log's current file. */
    void unseen(Map<String, Long> sizes) {
        unseen.putAll(sizes);
    }

    private long unseen(String name) {
        Long bytes = unseen.remove(name);
        return bytes == null ? 0 : bytes;
    }

    /** Works on a log after what was asked for before; {@code name} is a valid name. */
    <T> Future<T> with(String name, Work<T> work) {
        Entry entry = entries.computeIfAbsent(name, ignored -> new Entry());
        entry.usedAt = time.nanos();
        return entry.work.run(() -> work.on(open(name, entry)));
    }

    /** Notes when what came of a log was written, where there is such a log; as {@link #with}. */
    Future<Void> note(String name) {
        Entry entry = entries.computeIfAbsent(name, ignored -> new Entry());
        entry.usedAt = time.nanos();
        return entry.work.run(() -> {
            if (entry.open.isPresent() || Files.isDirectory(data.root().resolve("logs/" + name))) {
                open(name, entry).sync();
            }
            return null;
        });
    }

    private OpenLog open(String name, Entry entry) throws IOException {
        if (entry.open.isEmpty()) {
            entry.open = Optional.of(OpenLog.open(data, name, settings, blocks, time, unseen(name)));
        }
        return entry.open.get();
    }

    /** Lets go of a log. */
    Future<Void> close(String name) {
        Entry entry = entries.remove(name);
        return entry == null
                ? Future.succeededFuture()
                : entry.work.run(() -> {
                    if (entry.open.isPresent()) {
                        entry.open.get().close();
                    }
                    return null;
                });
    }

    /** Lets go of the logs nobody asked for lately. */
    void closeIdle() {
        long now = time.nanos();
        List.copyOf(entries.entrySet()).forEach(one -> {
            if (now - one.getValue().usedAt > IDLE.toNanos()) {
                Future<Void> unused = close(one.getKey());
            }
        });
    }

    Future<Void> closeAll() {
        return Future.all(
                        List.copyOf(entries.keySet()).stream().map(this::close).toList())
                .mapEmpty();
    }
}
