package dev.fairlead.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * One gateway's exclusive hold on a data folder. The kernel gives it back when the process ends, {@code kill -9}
 * included, so that a restart never waits for a stale lock.
 */
public final class FolderLock implements AutoCloseable {
    static final String NAME = "gateway.lock";

    private static final int MAX_PID_BYTES = 32;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    static FolderLock take(DataFolder folder) throws IOException {
        folder.prepareFile(NAME);
        Path path = folder.file(NAME);
        FileChannel channel = FileChannel.open(
                path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            // Left open on purpose: closing any descriptor of a file drops every lock this process holds on it.
            throw held(folder, Long.toString(ProcessHandle.current().pid()));
        }
        if (lock == null) {
            String holder = readPid(channel);
            channel.close();
            throw held(folder, holder);
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new FolderLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(content, 0);
        String text = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
        return text.chars().allMatch(Character::isDigit) && !text.isEmpty() ? text : "unknown";
    }

    private static IOException held(DataFolder folder, String pid) {
        return new IOException("The data folder " + folder.root() + " is in use by another gateway, process " + pid
                + ". Stop that one, or give this one its own data_dir.");
    }
}
