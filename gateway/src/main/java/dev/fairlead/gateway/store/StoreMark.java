package dev.fairlead.gateway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the database in the data folder had come, kept beside it. A file that lost its end, by a power cut on a disk
 * that keeps less than it says, opens as what it was a while before and does not know; this does. Safe for use by
 * several threads; all methods block on the disk.
 */
public final class StoreMark {
    static final String NAME = "store-mark";

    /** Bytes that H2 writes to a new file before all else, twice the same: a shorter one never held anything. */
    private static final long HEADERS = 2 * 4096;

    private final DataFolder folder;

    private final Optional<Instant> last;

    private StoreMark(DataFolder folder, Optional<Instant> last) {
        this.folder = folder;
        this.last = last;
    }

    /**
     * Reads the mark, and looks at the database file before it is opened: an empty one would be taken for a new one,
     * and one without a mark that is shorter than any with content is made empty.
     *
     * @throws IOException if the file is empty or cut off, or damaged, and was not; the message says what mends it
     */
    static StoreMark open(DataFolder folder) throws IOException {
        StoreMark mark = new StoreMark(folder, read(folder));
        mark.requireContent();
        return mark;
    }

    /** What it was before this start; empty where there was none, or none that can be read. */
    public Optional<Instant> last() {
        return last;
    }

    private static void empty(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.truncate(0);
        }
    }

    private static Optional<Instant> read(DataFolder folder) throws IOException {
        try {
            return folder.readSecret(NAME)
                    .map(bytes -> Instant.parse(new String(bytes, StandardCharsets.UTF_8).strip()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * The database has kept all that was stored until then.
     *
     * @param reached on the clock by which it is compared at the next start
     */
    public void write(Instant reached) throws IOException {
        folder.writeSecret(NAME, (reached + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** H2 takes a file that it can read nothing of for a new database, and writes over what is left of the old one. */
    private void requireContent() throws IOException {
        Path file = folder.file(DatabaseUrl.FILE_NAME);
        if (!Files.exists(file)) {
            return;
        }
        long size = Files.size(file);
        if (last.isEmpty()) {
            if (size < HEADERS) {
                empty(file); // the first start found no room for them on the disk
            }
            return;
        }
        if (size < HEADERS) {
            throw new IOException("The database file " + file + " is " + (size == 0 ? "empty" : "cut off") + " ("
                    + size + " bytes), but held what was stored until "
                    + last.get() + ". " + Damage.remedy(folder) + " To begin anew without it, delete that file and "
                    + folder.file(NAME));
        }
        Optional<String> damage = Damage.of(file);
        if (damage.isPresent()) {
            throw new IOException("The database file " + file + " is damaged (" + damage.get() + "); it held what was"
                    + " stored until " + last.get() + ". " + Damage.remedy(folder));
        }
    }
}
