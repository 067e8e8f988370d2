package dev.fairlead.gateway.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk of a few megabytes (tmpfs) that one process and what it starts see, in a mount namespace of their own: no
 * right of the test's is needed but to make user namespaces. It is gone with that process.
 */
public final class SmallDisk {
    private static final String SIZE = "16m";
    private static final int BLOCK = 4096;
    private static final String FILLER = "filler";

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** One at that path, which is made; skips the test where there can be none. */
    public static SmallDisk at(Path path) throws IOException {
        Path unshare = Tools.require("unshare", "apt-get install util-linux");
        Files.createDirectories(path);
        SmallDisk disk = new SmallDisk(path);
        try {
            int status =
                    new ProcessBuilder(command(unshare, path, "true")).start().waitFor();
            if (status != 0) {
                Tools.missing("This test needs user and mount namespaces: 'unshare -rm mount -t tmpfs none DIR'");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return disk;
    }

    public Path path() {
        return path;
    }

    /** What a command is put behind, to run with this disk. */
    public List<String> prefix() {
        return command(Path.of("unshare"), path);
    }

    /** Leaves no byte free, for the process of that id. */
    public void fill(long pid) throws IOException {
        byte[] block = new byte[BLOCK];
        try (OutputStream filler = Files.newOutputStream(seenBy(pid).resolve(FILLER))) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            if (!full.getMessage().contains("No space left")) {
                throw full;
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void empty(long pid) throws IOException {
        Files.delete(seenBy(pid).resolve(FILLER));
    }

    /** The disk from outside its namespace. */
    public Path seenBy(long pid) {
        return Path.of("/proc", Long.toString(pid), "root")
                .resolve(path.toString().substring(1));
    }

    private static List<String> command(Path unshare, Path path, String... then) {
        String script = "mount -t tmpfs -o size=" + SIZE + " tmpfs \"$0\" && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of(unshare.toString(), "-rm", "sh", "-c", script, path.toString()));
        command.addAll(List.of(then));
        return command;
    }
}
