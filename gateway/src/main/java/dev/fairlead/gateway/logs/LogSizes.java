package dev.fairlead.gateway.logs;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at the sizes of all logs' current files, for the rotation: at those that grow with every look, at the others
 * with every second one, since a process that begins to write as fast as the disk takes it fills a bound of 60 MiB in a
 * quarter of a second. {@link #due} is called by one thread at a time and blocks on the disk.
 */
final class LogSizes {
    /** Between two looks. */
    static final Duration LOOK = Duration.ofMillis(125);

    private static final int ALL_EVERY = 2;
    private static final int LIST_EVERY = 8;

    private final Path root;
    private final long least;
    private final Map<String, File> files = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final Set<String> growing = ConcurrentHashMap.newKeySet();
    private int looks;

    /**
     * For the logs in a folder.
     *
     * @param least bytes from which on a log is told
     */
    LogSizes(Path root, long least) {
        this.root = root;
        this.least = least;
    }

    /** Somebody is about to write to this log; from any thread. */
    void watch(String name) {
        growing.add(name);
    }

    /** The logs that are large enough and have changed since the look before. */
    List<String> due() throws IOException {
        if (looks % LIST_EVERY == 0) {
            list();
        }
        List<String> due = new ArrayList<>();
        for (String name : looks % ALL_EVERY == 0 ? List.copyOf(files.keySet()) : List.copyOf(growing)) {
            long size = files.computeIfAbsent(name, this::current).length();
            Long before = sizes.put(name, size);
            if (before != null && before == size) {
                growing.remove(name);
            } else {
                growing.add(name);
                if (size >= least) {
                    due.add(name);
                }
            }
        }
        looks++;
        return due;
    }

    private void list() throws IOException {
        Set<String> there = ConcurrentHashMap.newKeySet();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
                folders.forEach(folder -> there.add(folder.getFileName().toString()));
            }
        }
        there.forEach(name -> files.computeIfAbsent(name, this::current));
        files.keySet().retainAll(there);
        sizes.keySet().retainAll(there);
    }

    private File current(String name) {
        return root.resolve(name).resolve(LogFolder.CURRENT).toFile();
    }
}
