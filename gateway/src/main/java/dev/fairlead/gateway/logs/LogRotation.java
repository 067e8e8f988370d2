package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.Generation.Print;
import dev.fairlead.gateway.logs.LogFolder.Found;
import dev.fairlead.gateway.logs.LogFolder.Intent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The gateway's own rotation, of a file that a process holds open and appends to meanwhile, without losing a byte.
 *
 * <p>To rename the file would leave the process writing to the renamed one; to copy and then truncate it would lose
 * what is written in between. So the first whole blocks are copied to {@code current.log.1} and synced, and then the
 * file system itself takes exactly those blocks out of {@code current.log}: it locks out writers while it does, and
 * whoever appends goes on at the end, wherever that is now. ext4, XFS and F2FS shorten the file that way; others
 * (Btrfs, tmpfs) can only free the blocks, and a hole stays where they were. Since only whole blocks can be taken out,
 * the cut is usually within a line: the files joined, oldest first, are the log, byte for byte.
 *
 * <p>What is about to be done is written down first, so that a gateway killed at any point finishes it, or undoes it.
 */
final class LogRotation {
    private static final String COPY = ".archive.new";
    private static final int BUFFER = 256 * 1024;

    private final LogFile log;
    private final FileBlocks blocks;
    private final long size;
    private final int keep;

    /**
     * For one log.
     *
     * @param size bytes from which on it is rotated
     * @param keep how many rotated files are kept
     */
    LogRotation(LogFile log, FileBlocks blocks, long size, int keep) {
        this.log = log;
        this.blocks = blocks;
        this.size = size;
        this.keep = keep;
    }

    /**
     * What came of a look at a log.
     *
     * @param rotated whether a file was begun anew
     * @param dropped bytes that went though they had been kept for less than the bound
     */
    record Outcome(boolean rotated, long dropped) {
        private static final Outcome NOTHING = new Outcome(false, 0);
    }

    /**
     * Rotates where it is due, piece by piece where more than one file's worth has come. Where it comes faster than it
     * can be copied, nothing is copied: the oldest bytes go, so that the log never takes more than twice its bound.
     */
    Outcome rotateIfDue() throws IOException {
        recover();
        Outcome outcome = Outcome.NOTHING;
        while (outcome.dropped == 0) {
            OptionalLong held = held();
            if (held.isEmpty()
                    || held.getAsLong() < size
                    || !blocks.supported(log.folder().path())) {
                return outcome;
            }
            outcome = new Outcome(true, held.getAsLong() >= floodSize() ? drop() : 0);
            if (outcome.dropped == 0 && !archiveFirst()) {
                return outcome;
            }
        }
        return outcome;
    }

    /**
     * Renames the current file, where only the gateway writes to it and waits meanwhile: nothing is copied, and nothing
     * is ever in the way of the bound. The new one is made by the next write.
     */
    void rename() throws IOException {
        recover();
        log.sync();
        if (log.folder().find(LogFolder.CURRENT).isEmpty()) {
            return;
        }
        // Before its inode may be that of the next file.
        log.folder().find(archive(keep)).map(Found::inode).ifPresent(this::forget);
        log.save();
        moveUp(LogFolder.CURRENT);
    }

    /** From here on there is no time to copy: half of the bound waits, the other half may come during one look. */
    private long floodSize() {
        return Math.max(2, (keep + 1) / 2) * size;
    }

    /** Bytes in the current file, where it can be rotated. */
    private OptionalLong held() throws IOException {
        Optional<Generation> current = log.files().current();
        if (current.isEmpty() || !isAtItsPlace(current.get())) {
            return OptionalLong.empty();
        }
        Optional<FileChannel> channel = log.channel(current.get());
        return channel.isPresent()
                ? OptionalLong.of(channel.get().size() - current.get().skip())
                : OptionalLong.empty();
    }

    /** Moves the oldest bytes of the current file, a file's worth, to an archive. */
    private boolean archiveFirst() throws IOException {
        Generation file = log.files().current().orElseThrow();
        FileChannel channel = log.channel(file).orElseThrow();
        long now = channel.size();
        long bytes = wholeBlocks(file, Math.min(now - 1, file.skip() + size));
        if (bytes <= 0) {
            return false;
        }
        copy(channel, file.skip(), bytes);
        // Its first bytes are about to change: after a crash they must not tell it from itself.
        log.files().replace(file, file.printed(Print.NONE));
        log.rotation(Optional.of(new Intent(bytes, now, shrinks(file), Optional.empty())));
        moveUp(COPY);
        finish(log.rotation().orElseThrow());
        return true;
    }

    /** Frees all but the last file's worth; returns how many bytes went. */
    private long drop() throws IOException {
        long dropped = 0;
        for (int number = keep; number >= 1; number--) {
            dropped += delete(archive(number));
        }
        Generation file = log.files().current().orElseThrow();
        FileChannel channel = log.channel(file).orElseThrow();
        long now = channel.size();
        long bytes = wholeBlocks(file, now - size);
        Print front = LogFolder.print(channel, file.skip(), Print.FULL);
        log.files().replace(file, file.printed(Print.NONE));
        log.rotation(Optional.of(new Intent(bytes, now, shrinks(file), Optional.of(front))));
        finish(log.rotation().orElseThrow());
        return dropped + bytes;
    }

    /** How many bytes from the first one on are whole blocks that end at an offset or before. */
    private long wholeBlocks(Generation file, long offset) throws IOException {
        long block = blocks.size(log.folder().path());
        return offset / block * block - file.skip();
    }

    private boolean shrinks(Generation file) {
        return file.skip() == 0 && blocks.canCollapse();
    }

    private long delete(String file) throws IOException {
        Optional<Found> found = log.folder().find(file);
        if (found.isPresent()) {
            log.letGo(found.get().inode()); // an open file takes its place on the disk for as long as it is open
            Files.deleteIfExists(log.folder().file(file));
            forget(found.get().inode());
        }
        return found.map(Found::size).orElse(0L);
    }

    private void forget(long inode) {
        log.files().files().stream().filter(one -> one.inode() == inode).forEach(log.files()::forget);
    }

    /** Ends what an earlier life began; to be called before anything is read. */
    void recover() throws IOException {
        Path copy = log.folder().file(COPY);
        if (log.rotation().isEmpty()) {
            Files.deleteIfExists(copy);
            return;
        }
        Intent intent = log.rotation().get();
        Optional<Generation> current = log.files().current();
        if (Files.deleteIfExists(copy) || current.isEmpty() || !isAtItsPlace(current.get())) {
            log.rotation(Optional.empty()); // it had not come to taking the blocks out
        } else if (intent.front().isPresent()) {
            recoverDrop(current.get(), intent);
        } else if (intent.shrinks() && isShortened(current.get(), intent)) {
            noteFreed(intent);
        } else {
            finish(intent);
        }
    }

    private void recoverDrop(Generation current, Intent intent) throws IOException {
        FileChannel channel = log.channel(current).orElseThrow();
        boolean done = channel.size() < intent.size()
                || !LogFolder.print(channel, current.skip(), Print.FULL)
                        .equals(intent.front().orElseThrow());
        if (done && intent.shrinks()) {
            noteFreed(intent);
        } else {
            finish(intent);
        }
    }

    private void finish(Intent intent) throws IOException {
        Path file = log.folder().file(LogFolder.CURRENT);
        Generation current = log.files().current().orElseThrow();
        if (intent.shrinks()) {
            blocks.collapse(file, intent.bytes());
        } else {
            blocks.punch(file, current.skip(), intent.bytes());
        }
        noteFreed(intent);
    }

    private void noteFreed(Intent intent) throws IOException {
        Generation current = log.files().current().orElseThrow();
        FileChannel channel = log.channel(current).orElseThrow();
        long skip = intent.shrinks() ? 0 : current.skip() + intent.bytes();
        if (intent.shrinks()) {
            log.shifted(intent.bytes());
        }
        Print remaining = LogFolder.print(channel, skip, Print.FULL);
        if (intent.front().isPresent()) {
            log.files().drop(intent.bytes(), skip, remaining);
        } else {
            noteArchive(intent.bytes(), skip, remaining);
        }
        log.rotation(Optional.empty());
        for (Generation file : log.files().files()) {
            if (!file.open() && log.channel(file).isEmpty()) {
                log.files().forget(file);
            }
        }
    }

    private void noteArchive(long bytes, long skip, Print remaining) throws IOException {
        try (FileChannel archived = log.folder().open(archive(1))) {
            log.files()
                    .archive(
                            archive(1),
                            log.folder().find(archive(1)).orElseThrow().inode(),
                            bytes,
                            skip,
                            LogFolder.print(archived, 0, Print.FULL),
                            remaining);
        }
    }

    private boolean isAtItsPlace(Generation file) throws IOException {
        return log.folder()
                .find(LogFolder.CURRENT)
                .filter(found -> found.inode() == file.inode())
                .isPresent();
    }

    /** Whether the blocks are out already: the file is shorter than it was, or does not begin as its copy does. */
    private boolean isShortened(Generation current, Intent intent) throws IOException {
        try (FileChannel channel = log.folder().open(LogFolder.CURRENT);
                FileChannel copy = log.folder().open(archive(1))) {
            if (channel.size() < intent.size()) {
                return true;
            }
            ByteBuffer here = ByteBuffer.allocate(BUFFER);
            ByteBuffer there = ByteBuffer.allocate(BUFFER);
            for (long at = 0; at < intent.bytes(); at += BUFFER) {
                int length = (int) Math.min(BUFFER, intent.bytes() - at);
                LogFolder.read(channel, here.clear().limit(length), current.skip() + at);
                LogFolder.read(copy, there.clear().limit(length), at);
                if (!Arrays.equals(here.array(), 0, length, there.array(), 0, length)) {
                    return true;
                }
            }
            return false;
        }
    }

    private void copy(FileChannel from, long offset, long bytes) throws IOException {
        Path copy = log.folder().file(COPY);
        Files.deleteIfExists(copy);
        try (FileChannel to = FileChannel.open(
                copy,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            long done = 0;
            while (done < bytes) {
                long moved = from.transferTo(offset + done, Math.min(bytes - done, 1 << 20), to);
                if (moved <= 0) {
                    throw new IOException("The log got shorter while it was copied: " + copy.getParent());
                }
                done += moved;
            }
            to.force(true);
        }
    }

    private void moveUp(String newest) throws IOException {
        delete(archive(keep));
        for (int number = keep - 1; number >= 1; number--) {
            Path file = log.folder().file(archive(number));
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(file, log.folder().file(archive(number + 1)), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.move(log.folder().file(newest), log.folder().file(archive(1)), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String archive(int number) {
        return LogFolder.CURRENT + "." + number;
    }
}
