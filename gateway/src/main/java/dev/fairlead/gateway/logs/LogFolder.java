package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.Generation.Print;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one log, {@code logs/<name>} in the data folder: {@code current.log}, which the process appends to, the
 * files it was renamed or copied to, and the hidden file that keeps the {@link Generations}. No link is followed. All
 * methods block on the disk.
 */
final class LogFolder {
    static final String CURRENT = "current.log";

    private static final Logger log = LoggerFactory.getLogger(LogFolder.class);
    private static final String TABLE = ".positions.json";
    private static final Set<String> PACKED = Set.of("gz", "xz", "bz2", "zst", "zip", "lz4");

    /** A file as it was found. */
    record Found(String name, long inode, long size, FileTime modified) {}

    /**
     * What is kept of a log's numbering.
     *
     * @param id of the {@link Generations}
     * @param rotation what the gateway's own rotation was about to do; it may or may not have happened
     */
    record Table(long id, List<Generation> files, Optional<Intent> rotation) {}

    /**
     * A rotation that was prepared.
     *
     * @param bytes how many leave the current file
     * @param size of the current file before
     * @param shrinks whether the current file gets shorter by that many; it is left with a hole otherwise
     * @param front what the first of those bytes are, where they are dropped; they are archived otherwise
     */
    record Intent(long bytes, long size, boolean shrinks, Optional<Print> front) {}

    private final DataFolder data;
    private final String name;
    private final Path path;

    /** The folder of {@code name}, made where it is missing. */
    LogFolder(DataFolder data, String name) throws IOException {
        this.data = data;
        this.name = name;
        data.folder("logs");
        this.path = data.folder("logs/" + name);
    }

    Path path() {
        return path;
    }

    Path file(String file) {
        return path.resolve(file);
    }

    /** The file of that name; empty where there is none, or none that holds bytes of its own. */
    Optional<Found> find(String file) throws IOException {
        try {
            Map<String, Object> seen = Files.readAttributes(
                    path.resolve(file), "unix:ino,size,lastModifiedTime,isRegularFile", LinkOption.NOFOLLOW_LINKS);
            if (!Boolean.TRUE.equals(seen.get("isRegularFile"))) {
                return Optional.empty();
            }
            return Optional.of(new Found(
                    file, (Long) seen.get("ino"), (Long) seen.get("size"), (FileTime) seen.get("lastModifiedTime")));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** All files that may be part of the log. */
    List<Found> files() throws IOException {
        List<Found> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String file = entry.getFileName().toString();
                String suffix = file.substring(file.lastIndexOf('.') + 1);
                if (!file.startsWith(".") && !PACKED.contains(suffix)) {
                    find(file).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    FileChannel open(String file) throws IOException {
        return FileChannel.open(path.resolve(file), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Opens the current file to append to it; made 0600 where it is missing. */
    FileChannel append() throws IOException {
        return FileChannel.open(
                path.resolve(CURRENT),
                Set.of(
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    Optional<Table> readTable() throws IOException {
        Optional<byte[]> kept = data.readSecret("logs/" + name + "/" + TABLE);
        try {
            return kept.filter(json -> json.length > 0)
                    .map(json -> FrameCodec.decodeData(json, 0, json.length, Table.class));
        } catch (FairleadException e) {
            log.warn("The positions of log '{}' cannot be read; its cursors start anew", name, e);
            return Optional.empty();
        }
    }

    void writeTable(Table table) throws IOException {
        data.writeSecret("logs/" + name + "/" + TABLE, FrameCodec.encode(table));
    }

    /** What the first bytes of a file are, {@code length} of them at most. */
    static Print print(FileChannel channel, long skip, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int read = read(channel, bytes, skip);
        CRC32C sum = new CRC32C();
        sum.update(bytes.array(), 0, read);
        return new Print(read, sum.getValue());
    }

    /** Fills the buffer as far as the file goes; returns how many bytes came. */
    static int read(FileChannel channel, ByteBuffer into, long offset) throws IOException {
        int before = into.position();
        long at = offset;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read <= 0) {
                break;
            }
            at += read;
        }
        return into.position() - before;
    }
}
