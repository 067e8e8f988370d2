package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.Generation.Print;
import dev.fairlead.gateway.logs.LogFolder.Found;
import dev.fairlead.gateway.logs.LogFolder.Intent;
import dev.fairlead.gateway.logs.LogFolder.Table;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One log on disk: keeps its positions in line with what becomes of its files. A renamed file is known by its inode, so
 * it is read to its end wherever in the folder it went; what was renamed while nobody looked is put in order by the
 * time of its last write. Used by one thread at a time; all methods block on the disk.
 */
final class LogFile implements AutoCloseable {
    /** For how long a renamed file may still be written to while the new one is empty. */
    private static final Duration OLD_WRITER = Duration.ofSeconds(2);

    private static final int OPEN_FILES = 4;
    private static final int WITNESS = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LogFolder folder;
    private final TimeSource time;
    private final Map<Long, FileChannel> channels = new LinkedHashMap<>();
    private Generations files;
    private Optional<Intent> rotation;
    private FileTime modified = FileTime.fromMillis(0);
    private Optional<FileTime> written = Optional.empty();
    private long witnessedTo; // offset in the current file up to which bytes were seen
    private byte[] witness = new byte[0]; // the last of them
    private long notedTo; // offset in the current file which it was as long as once
    private long oldSize = -1; // of a renamed file that may still be written to
    private long oldGrewAt;

    /** Opens the log with what was kept of its positions. */
    LogFile(LogFolder folder, TimeSource time) throws IOException {
        this.folder = folder;
        this.time = time;
        Optional<Table> kept = folder.readTable();
        this.files = kept.map(table -> new Generations(table.id(), table.files()))
                .orElseGet(() -> new Generations(RANDOM.nextLong(), List.of()));
        this.rotation = kept.flatMap(Table::rotation);
        if (kept.isEmpty()) {
            save(); // a cursor told before the first line is good after it
        }
    }

    LogFolder folder() {
        return folder;
    }

    Generations files() {
        return files;
    }

    /** The rotation that was begun in an earlier life and may not have ended. */
    Optional<Intent> rotation() {
        return rotation;
    }

    void rotation(Optional<Intent> intent) throws IOException {
        rotation = intent;
        save();
    }

    /** Looks what became of the files since the last call. */
    void sync() throws IOException {
        Optional<Found> now = folder.find(LogFolder.CURRENT);
        written = now.map(Found::modified);
        Optional<Generation> current = files.current();
        if (current.isEmpty()) {
            if (now.isPresent()) {
                adopt(now.get(), FileTime.fromMillis(0));
                save();
            }
        } else if (now.isPresent() && now.get().inode() == current.get().inode()) {
            same(current.get(), now.get());
        } else if (now.isPresent()) {
            replaced(current.get(), now.get());
        }
        // Renamed or deleted and nothing in its place yet: the open file is read on.
    }

    /** The position after the last byte there is. */
    long end() throws IOException {
        Optional<Generation> current = files.current();
        if (current.isEmpty()) {
            return 0;
        }
        Optional<FileChannel> channel = channel(current.get());
        return channel.isPresent()
                ? Math.max(
                        current.get().position(channel.get().size()),
                        current.get().start())
                : current.get().start();
    }

    /** When the current file was last written to, as the file system says; empty where it is not at its place. */
    Optional<FileTime> written() {
        return written;
    }

    /** The log is known to have been as long as this: where it is shorter, it was cut. */
    void noted(long position) {
        files.current()
                .filter(current -> current.open() && position > current.start())
                .ifPresent(current -> notedTo = Math.max(notedTo, current.offset(position)));
    }

    /** Notes the bytes that were read last of the current file, to tell when it was cut and grew again. */
    void witness(Generation file, long to, byte[] bytes, int from, int end) {
        if (file.open() && file.offset(to) > witnessedTo) {
            witnessedTo = file.offset(to);
            witness = Arrays.copyOfRange(bytes, Math.max(from, end - WITNESS), end);
        }
    }

    /** Closes a file that is about to be deleted. */
    void letGo(long inode) throws IOException {
        FileChannel open = channels.remove(inode);
        if (open != null) {
            open.close();
        }
    }

    /** The bytes of the current file moved to its front by {@code by}. */
    void shifted(long by) {
        witnessedTo = Math.max(0, witnessedTo - by);
        notedTo = Math.max(0, notedTo - by);
        witness = new byte[0];
    }

    /** The file of a generation, wherever it went; empty where it is gone. */
    Optional<FileChannel> channel(Generation file) throws IOException {
        FileChannel open = channels.get(file.inode());
        if (open == null) {
            open = openByInode(file).orElse(null);
            if (open == null) {
                return Optional.empty();
            }
            channels.put(file.inode(), open);
            closeSurplus();
        }
        return Optional.of(open);
    }

    void save() throws IOException {
        folder.writeTable(new Table(files.id(), files.files(), rotation));
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
        channels.clear();
    }

    private void same(Generation current, Found now) throws IOException {
        Optional<FileChannel> channel = channel(current);
        if (channel.isEmpty()) { // the inode is the same, what is in it is not
            startAnew(now);
            return;
        }
        if (now.size() < Math.max(witnessedTo, notedTo) || !stillThere(channel.get())) {
            files.truncate(current.position(Math.max(Math.max(witnessedTo, notedTo), current.skip())));
            witnessedTo = 0;
            notedTo = 0;
            witness = new byte[0];
            save();
        } else if (current.print().length() < Print.FULL && now.size() - current.skip() >= Print.FULL) {
            files.replace(current, current.printed(LogFolder.print(channel.get(), current.skip(), Print.FULL)));
            save();
        }
        modified = now.modified();
    }

    private boolean stillThere(FileChannel channel) throws IOException {
        if (witness.length == 0) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.allocate(witness.length);
        LogFolder.read(channel, bytes, witnessedTo - witness.length);
        return Arrays.equals(bytes.array(), witness);
    }

    private void replaced(Generation old, Found now) throws IOException {
        Optional<FileChannel> channel = channel(old);
        if (channel.isEmpty()) {
            startAnew(now);
            return;
        }
        long size = channel.get().size(); // after the new file was seen: its writer has left this one
        if (now.size() == 0 && stillWritten(size)) {
            return;
        }
        FileTime since = folder.files().stream()
                .filter(found -> found.inode() == old.inode())
                .map(Found::modified)
                .findFirst()
                .orElse(modified);
        files.close(Math.max(0, size - old.skip()));
        adopt(now, since);
        forgetDeleted();
        save();
    }

    private boolean stillWritten(long size) {
        if (size != oldSize) {
            oldSize = size;
            oldGrewAt = time.nanos();
        }
        return time.nanos() - oldGrewAt < OLD_WRITER.toNanos();
    }

    /** Adds the files written since the last known one, the oldest first, and the current one at their end. */
    private void adopt(Found now, FileTime since) throws IOException {
        List<Found> others = folder.files().stream()
                .filter(found -> !found.name().equals(LogFolder.CURRENT)
                        && found.inode() != now.inode()
                        && !files.knows(found.inode())
                        && found.modified().compareTo(since) >= 0)
                .sorted(Comparator.comparing(Found::modified)
                        .thenComparing(Comparator.comparingLong(LogFile::age).reversed()))
                .toList();
        for (Found other : others) {
            begin(other);
            files.close(other.size());
        }
        begin(now);
        witnessedTo = 0;
        notedTo = 0;
        witness = new byte[0];
        modified = now.modified();
        oldSize = -1;
    }

    /** The number at the end of a rotated file's name: the larger, the older. */
    private static long age(Found file) {
        String suffix = file.name().substring(file.name().lastIndexOf('.') + 1);
        return suffix.matches("\\d{1,9}") ? Long.parseLong(suffix) : 0;
    }

    private void begin(Found found) throws IOException {
        Generation begun = files.begin(found.name(), found.inode(), Print.NONE);
        Optional<FileChannel> channel = channel(begun);
        if (channel.isPresent()) {
            files.replace(begun, begun.printed(LogFolder.print(channel.get(), 0, Print.FULL)));
        }
    }

    /** Nothing that is known is there any more: cursors of before mean nothing now. */
    private void startAnew(Found now) throws IOException {
        close();
        files = new Generations(RANDOM.nextLong(), List.of());
        rotation = Optional.empty();
        adopt(now, FileTime.fromMillis(0));
        save();
    }

    private void forgetDeleted() throws IOException {
        List<Long> there = folder.files().stream().map(Found::inode).toList();
        for (Generation file : files.files()) {
            if (!file.open() && !there.contains(file.inode()) && !channels.containsKey(file.inode())) {
                files.forget(file);
            }
        }
    }

    private Optional<FileChannel> openByInode(Generation file) throws IOException {
        Optional<Found> found = folder.find(file.name()).filter(at -> at.inode() == file.inode());
        if (found.isEmpty()) {
            found = folder.files().stream()
                    .filter(one -> one.inode() == file.inode())
                    .findFirst();
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        FileChannel channel = folder.open(found.get().name());
        boolean same = folder.find(found.get().name())
                        .filter(at -> at.inode() == file.inode())
                        .isPresent()
                && LogFolder.print(channel, file.skip(), file.print().length()).equals(file.print());
        if (!same) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(channel);
    }

    private void closeSurplus() throws IOException {
        long current = files.current().map(Generation::inode).orElse(0L);
        Iterator<Map.Entry<Long, FileChannel>> oldest = channels.entrySet().iterator();
        while (channels.size() > OPEN_FILES && oldest.hasNext()) {
            Map.Entry<Long, FileChannel> one = oldest.next();
            if (one.getKey() != current) {
                oldest.remove();
                one.getValue().close();
            }
        }
    }
}
