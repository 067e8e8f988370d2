package dev.fairlead.gateway.logs;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at the sizes of all logs' current files, for the rotation and to know when what came was written: at those that
 * grow with every look, at the others with every second one, since a process that begins to write as fast as the disk
 * takes it fills a bound of 60 MiB in a quarter of a second. {@link #look} is called by one thread at a time and blocks
 * on the disk.
 */
final class LogSizes {
    /** Between two looks. */
    static final Duration LOOK = Duration.ofMillis(125);

    private static final int ALL_EVERY = 2;
    private static final int LIST_EVERY = 8;

    /** Most logs of which one look notes that they grew: with more, times get coarser instead of the gateway slower. */
    private static final int MAX_GROWN = 64;

    /**
     * What came of a look.
     *
     * @param due the logs that are large enough to be rotated and have changed since the look before
     * @param grown others that have changed, of this look or one before
     */
    record Look(List<String> due, List<String> grown) {}

    private final Path root;
    private final long least;
    private final Map<String, File> files = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final Set<String> growing = ConcurrentHashMap.newKeySet();
    private final Set<String> grown = new LinkedHashSet<>();
    private volatile boolean there;
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

    /** Whether there is a log, or about to be one; from any thread. */
    boolean hasLogs() {
        return there || !growing.isEmpty();
    }

    /** The sizes of all current files, by the names of their logs. */
    Map<String, Long> all() throws IOException {
        list();
        Map<String, Long> all = new HashMap<>();
        files.forEach((name, file) -> all.put(name, file.length()));
        sizes.putAll(all);
        return all;
    }

    /** Looks at them, now that {@link #LOOK} went by. */
    Look look() throws IOException {
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
                    grown.remove(name);
                } else {
                    grown.add(name);
                }
            }
        }
        looks++;
        List<String> told = grown.stream().limit(MAX_GROWN).toList();
        told.forEach(grown::remove);
        return new Look(due, told);
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
        this.there = !there.isEmpty();
        sizes.keySet().retainAll(there);
        grown.retainAll(there);
    }

    private File current(String name) {
        return root.resolve(name).resolve(LogFolder.CURRENT).toFile();
    }
}
