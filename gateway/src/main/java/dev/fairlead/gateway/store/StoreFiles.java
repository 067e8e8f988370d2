package dev.fairlead.gateway.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folder and the file that are open, by device and inode. A process goes on writing to a file that was moved away
 * or deleted, and nothing tells it; what it acknowledges then is gone with its next start. Safe for use by several
 * threads.
 */
final class StoreFiles {
    private static final Path OPEN = Path.of("/proc/self/fd");

    /** What each path was when it was opened; on systems without inodes a path is merely there. */
    private final Map<Path, Object> opened;

    private final AtomicLong written = new AtomicLong();

    private StoreFiles(Map<Path, Object> opened) {
        this.opened = opened;
    }

    /** Nothing to look after: the files are a server's. */
    static StoreFiles none() {
        return new StoreFiles(Map.of());
    }

    /** Takes down what these paths are now. */
    static StoreFiles of(List<Path> paths) throws IOException {
        Map<Path, Object> opened = new LinkedHashMap<>();
        for (Path path : paths) {
            opened.put(path, key(path).orElse(path));
        }
        return new StoreFiles(opened);
    }

    /**
     * Makes sure that each path still leads to what was opened.
     *
     * @throws MissingStoreException if one does not; the message says which, and where it is now as far as is known
     */
    void check() throws MissingStoreException {
        for (Map.Entry<Path, Object> one : opened.entrySet()) {
            Path path = one.getKey();
            boolean there;
            boolean same = false;
            try {
                same = key(path).map(one.getValue()::equals).orElse(true);
                there = true;
            } catch (IOException e) {
                there = false;
            }
            if (!same) {
                throw new MissingStoreException(path + (there ? " was replaced by another" : " is gone")
                        + whereabouts()
                                .map(now -> " (what was opened is now " + now + ")")
                                .orElse("")
                        + ": nothing is stored until it is back where it was. Put it back; or, to begin anew with what"
                        + " is there, restart the gateway");
            }
        }
    }

    /** Whether a file was written to since this was asked last. */
    boolean changed() {
        long sum = 0;
        for (Path path : opened.keySet()) {
            try {
                sum += Files.getLastModifiedTime(path).toMillis() + Files.size(path);
            } catch (IOException gone) {
                return true; // to be met by what writes next
            }
        }
        return written.getAndSet(sum) != sum;
    }

    /** Where what is open has gone; Linux knows. */
    private Optional<String> whereabouts() {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OPEN)) {
            for (Path descriptor : descriptors) {
                try {
                    Object key = Files.readAttributes(descriptor, BasicFileAttributes.class)
                            .fileKey();
                    if (opened.containsValue(key)) {
                        return Optional.of(Files.readSymbolicLink(descriptor).toString());
                    }
                } catch (IOException closed) {
                    // It was closed since it was listed.
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Object> key(Path path) throws IOException {
        return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }
}
