package dev.fairlead.gateway.faces.acp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The folder what is done for an agent stays in, however a path gets there. Blocks: for workers. */
record WorkingFolder(Path root) {

    /**
     * A file or folder that is there, links resolved.
     *
     * @throws OutsideException where it lies elsewhere
     * @throws IOException where it is not there
     */
    Path existing(String path) throws IOException {
        return inside(absolute(path).toRealPath());
    }

    /**
     * A file that may have to be made, and folders above it: its place with the links of what is there resolved.
     *
     * @throws OutsideException where it lies elsewhere, or is a link to nowhere
     */
    Path writable(String path) throws IOException {
        Path wanted = absolute(path).normalize();
        Path there = wanted;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
            if (there == null) {
                throw new NoSuchFileException(path);
            }
        }
        Path resolved;
        try {
            resolved = there.toRealPath();
        } catch (NoSuchFileException danglingLink) {
            throw new OutsideException(path);
        }
        return inside(resolved.resolve(there.relativize(wanted)).normalize());
    }

    private Path absolute(String path) throws OutsideException {
        try {
            Path wanted = Path.of(path);
            if (wanted.isAbsolute()) {
                return wanted;
            }
        } catch (InvalidPathException e) {
            // no file can have such a name
        }
        throw new OutsideException(path);
    }

    private Path inside(Path resolved) throws IOException {
        if (!resolved.startsWith(root.toRealPath())) {
            throw new OutsideException(resolved.toString());
        }
        return resolved;
    }

    /** It is none of the agent's business. */
    static final class OutsideException extends IOException {
        private static final long serialVersionUID = 1;

        OutsideException(String path) {
            super("Only absolute paths inside the working folder are allowed: " + ContentText.cut(path, 200));
        }
    }
}
