package dev.fairlead.gateway.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a run keeps what it makes: the gateway's data folder, its log, the history, the agents' tokens. */
record ProvenFolder(Path root) {

    /** An own disk may be mounted there, to be filled; the data folder is on it, so that it can be moved. */
    Path disk() {
        return root.resolve("disk");
    }

    Path data() {
        return disk().resolve("data");
    }

    Path database() {
        return data().resolve("fairlead.mv.db");
    }

    /** Where the data folder is while it is not where it should be. */
    Path away() {
        return disk().resolve("away");
    }

    Path torn() {
        return root.resolve("torn");
    }

    Path log() {
        return root.resolve("gateway.log");
    }

    Path tornLog() {
        return root.resolve("torn.log");
    }

    Path history() {
        return root.resolve("history.ndjson");
    }

    Path tokens() {
        return root.resolve("agents");
    }

    /**
     * Makes it.
     *
     * @throws IOException if there is something already: a run deletes, cuts and moves what is in its folder
     */
    void create() throws IOException {
        Files.createDirectories(root);
        try (Stream<Path> files = Files.list(root)) {
            if (files.findAny().isPresent()) {
                throw new IOException(root + " is not empty; name a folder that does not exist yet");
            }
        }
        Files.createDirectories(disk());
    }

    /** Where the data folder of a run that went wrong is left, once its disk is gone. */
    Path left() {
        return root.resolve("data-left");
    }

    /** Copies the data folder, but for the logs, to a folder that is made anew. */
    void copyData(Path to) throws IOException {
        delete(to);
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted().toList()) {
                Path inside = data().relativize(file);
                if (inside.startsWith("logs")) {
                    continue;
                }
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(to.resolve(inside));
                } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(file, to.resolve(inside));
                }
            }
        }
    }

    /** Deletes a folder with all that is in it, where it is there. */
    static void delete(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
