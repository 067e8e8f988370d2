package dev.fairlead.gateway.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;

/**
 * When the pieces of a log were written. A hidden file beside the log holds marks of 16 bytes: a position, and the time
 * by which every byte before it had come. Positions outlive every rotation, so marks do. What came while nobody looked
 * has no time. Bounded by {@link #MAX_MARKS}: past that the older marks get coarser. Without the file, or with a
 * damaged one, lines have no time until new ones come. Used by one thread at a time; blocks on the disk.
 */
final class LogTimes implements AutoCloseable {
    static final String FILE = ".times";

    /** 1 MiB of them. */
    static final int MAX_MARKS = 64 * 1024;

    /** What comes within this many milliseconds has one mark. */
    static final long GRAIN = 10;

    /**
     * So much earlier than it came, in milliseconds, a line's time may be: of its mark, and of the clock by which file
     * systems tell when a file was written to.
     */
    static final long EARLY = 2 * GRAIN;

    private static final String REWRITTEN = ".times.new";
    private static final long MAGIC = 0x6661_6972_7469_6d31L; // "fairtim1"
    private static final int MARK = 16;
    private static final int HEAD = 16; // magic, id of the numbering
    private static final int WINDOW = 256;

    private final Path folder;
    private FileChannel channel;
    private long log;
    private int count;
    private long last; // position of the last mark, 0 where there is none
    private long lastAt = LineTimes.UNKNOWN;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private int windowFrom;

    private LogTimes(Path folder, FileChannel channel, long log) {
        this.folder = folder;
        this.channel = channel;
        this.log = log;
    }

    /** The times of the log in {@code folder} whose numbering has this id; another one's are forgotten. */
    static LogTimes open(Path folder, long log) throws IOException {
        LogTimes times = new LogTimes(folder, create(folder.resolve(FILE), false), log);
        times.load();
        return times;
    }

    /** Up to where it is known when bytes came, or that it is not. */
    long noted() {
        return last;
    }

    /** The numbering is another one from now on. */
    void belongTo(long id) throws IOException {
        if (id != log) {
            log = id;
            clear();
        }
    }

    /** All bytes before {@code end} have come by {@code millis} of the wall clock. */
    void note(long end, long millis) throws IOException {
        if (end < last) { // cut, and numbered anew from there
            forgetAfter(end);
        }
        if (end == last) {
            return;
        }
        if (count > 0 && lastAt != LineTimes.UNKNOWN && millis - lastAt >= 0 && millis - lastAt < GRAIN) {
            count--; // the lines of the last mark were told with its time: it stays
            append(end, lastAt);
        } else {
            append(end, millis);
        }
    }

    /** Nobody saw when the bytes before {@code end} came that have no time yet. */
    void noteUnseen(long end) throws IOException {
        if (end > last) {
            append(end, LineTimes.UNKNOWN);
        }
    }

    /** The time of the last mark, in milliseconds. */
    OptionalLong latest() {
        return lastAt == LineTimes.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(lastAt);
    }

    /** When what begins between two positions was written. */
    LineTimes between(long from, long to) throws IOException {
        int first = firstAfter(from);
        int end = first;
        while (end < count && (end == first || position(end - 1) <= to)) {
            end++;
        }
        long[] positions = new long[end - first];
        long[] millis = new long[end - first];
        for (int i = first; i < end; i++) {
            positions[i - first] = position(i);
            millis[i - first] = millis(i);
        }
        return new LineTimes(positions, millis);
    }

    /**
     * The position from which on bytes came at that time or later, so far as that is known; empty where all came
     * before. Bytes of an unknown time before it are in it, where some of a known time are before them.
     */
    OptionalLong from(Instant time) throws IOException {
        long wanted = time.toEpochMilli() - EARLY;
        long known = -1;
        for (int i = 0; i < count; i++) {
            long at = millis(i);
            if (at != LineTimes.UNKNOWN && at >= wanted) {
                return OptionalLong.of(known >= 0 ? known : i == 0 ? 0 : position(i - 1));
            }
            known = at == LineTimes.UNKNOWN ? known : position(i);
        }
        return OptionalLong.empty();
    }

    /** A position after which all bytes came at that time or later; empty where none is known. */
    OptionalLong past(Instant time) throws IOException {
        long wanted = time.toEpochMilli();
        for (int i = 0; i < count; i++) {
            if (millis(i) >= wanted) { // no unknown one is
                return OptionalLong.of(position(i));
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private int firstAfter(long start) throws IOException {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (position(middle) <= start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void append(long position, long millis) throws IOException {
        if (count == MAX_MARKS) {
            thin();
        }
        ByteBuffer mark =
                ByteBuffer.allocate(MARK).putLong(position).putLong(millis).flip();
        write(channel, mark, HEAD + (long) count * MARK);
        count++;
        last = position;
        lastAt = millis;
        window = ByteBuffer.allocate(0);
    }

    /** Of the older half every other mark goes: its lines get the time of the one after it. */
    private void thin() throws IOException {
        ByteBuffer kept =
                ByteBuffer.allocate(HEAD + count * MARK).putLong(MAGIC).putLong(log);
        for (int i = 0; i < count; i++) {
            boolean goes =
                    i < count / 2 && i % 2 == 0 && millis(i) != LineTimes.UNKNOWN && millis(i + 1) != LineTimes.UNKNOWN;
            if (!goes) {
                kept.putLong(position(i)).putLong(millis(i));
            }
        }
        rewrite(kept.flip());
    }

    private void rewrite(ByteBuffer all) throws IOException {
        Path made = folder.resolve(REWRITTEN);
        int marks = (all.remaining() - HEAD) / MARK;
        FileChannel fresh = create(made, true);
        try {
            write(fresh, all, 0);
            Files.move(made, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        channel.close();
        channel = fresh;
        count = marks;
        window = ByteBuffer.allocate(0);
    }

    private void forgetAfter(long end) throws IOException {
        while (count > 0 && position(count - 1) > end) {
            count--;
        }
        channel.truncate(HEAD + (long) count * MARK);
        lastMark();
    }

    private void lastMark() throws IOException {
        window = ByteBuffer.allocate(0);
        last = count == 0 ? 0 : position(count - 1);
        lastAt = count == 0 ? LineTimes.UNKNOWN : millis(count - 1);
    }

    /** Takes what was kept, as far as it makes sense: a machine that lost its power may leave half of something. */
    private void load() throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) Math.min(channel.size(), HEAD + (long) MAX_MARKS * MARK));
        LogFolder.read(channel, all, 0);
        all.flip();
        if (all.remaining() < HEAD || all.getLong() != MAGIC || all.getLong() != log) {
            clear();
            return;
        }
        long before = 0;
        while (all.remaining() >= MARK && all.getLong(all.position()) > before) {
            before = all.getLong();
            all.getLong();
            count++;
        }
        channel.truncate(HEAD + (long) count * MARK);
        lastMark();
    }

    private void clear() throws IOException {
        channel.truncate(0);
        write(channel, ByteBuffer.allocate(HEAD).putLong(MAGIC).putLong(log).flip(), 0);
        count = 0;
        lastMark();
    }

    private long position(int index) throws IOException {
        return window(index).getLong((index - windowFrom) * MARK);
    }

    private long millis(int index) throws IOException {
        return window(index).getLong((index - windowFrom) * MARK + Long.BYTES);
    }

    private ByteBuffer window(int index) throws IOException {
        if (index < windowFrom || index >= windowFrom + window.limit() / MARK) {
            windowFrom = index / WINDOW * WINDOW;
            window = ByteBuffer.allocate(Math.min(WINDOW, count - windowFrom) * MARK);
            LogFolder.read(channel, window, HEAD + (long) windowFrom * MARK);
        }
        return window;
    }

    private static FileChannel create(Path file, boolean anew) throws IOException {
        return FileChannel.open(
                file,
                anew
                        ? Set.of(
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                LinkOption.NOFOLLOW_LINKS)
                        : Set.of(
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE,
                                LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void write(FileChannel to, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }
}
