package dev.fairlead.gateway.prove;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A disk in memory (tmpfs) at the run's folder, which is made as small as what is on it and large again. */
final class SmallDisk implements AutoCloseable {
    private static final String LARGE = "2g";

    /** Of making it small, while somebody writes to it. */
    private static final int TRIES = 50;

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** One at that folder; empty where this account may not mount. */
    static Optional<SmallDisk> mount(Path path) throws InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + LARGE + ",mode=0700", "tmpfs", path.toString())
                ? Optional.of(new SmallDisk(path))
                : Optional.empty();
    }

    /** Leaves no byte free, or as good as none. */
    void fill() throws IOException, InterruptedException {
        FileStore store = Files.getFileStore(path);
        for (int i = 0; i < TRIES; i++) {
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            if (resize(Long.toString(used))) { // else more was written meanwhile
                return;
            }
        }
        throw new IOException("The disk at " + path + " could not be made as small as what is on it");
    }

    /** Gives space again. */
    void empty() throws IOException, InterruptedException {
        if (!resize(LARGE)) {
            throw new IOException("The disk at " + path + " could not be made large again");
        }
    }

    private boolean resize(String size) throws InterruptedException {
        return run("mount", "-o", "remount,size=" + size, path.toString());
    }

    @Override
    public void close() {
        try {
            run("umount", path.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) { // no such program here
            return false;
        }
    }
}
