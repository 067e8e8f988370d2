package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's end of a named pipe that a program writes its output to. The program's end is open for reading too: a
 * gateway that dies breaks no pipe, what is in it stays there, and the program waits once it is full, until the next
 * gateway reads on.
 */
final class OutputPipe {
    private static final Logger log = LoggerFactory.getLogger(OutputPipe.class);
    /** What Linux lets such a pipe hold. */
    private static final int CHUNK = 64 * 1024;

    private final Path file;
    private final FileChannel keeper;
    private final FileChannel in;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private OutputPipe(Path file, FileChannel keeper, FileChannel in) {
        this.file = file;
        this.keeper = keeper;
        this.in = in;
    }

    /** Opens it; it does not end before it is {@link #release released}, whether or not a program has it open. */
    static OutputPipe open(Path file) throws IOException {
        // To open a pipe that nobody writes to for reading alone would wait for who does.
        FileChannel keeper = FileChannel.open(
                file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        try {
            return new OutputPipe(
                    file, keeper, FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException e) {
            keeper.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    /**
     * Reads on a thread of its own.
     *
     * @param sink takes all of the bytes, and slows the program for as long as it needs
     * @param then is run when it has ended
     */
    void read(Consumer<ByteBuffer> sink, Runnable then) {
        Thread thread = new Thread(() -> pump(sink, then), "instance-output");
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(Consumer<ByteBuffer> sink, Runnable then) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK);
        try (in) {
            while (in.read(bytes.clear()) >= 0) {
                sink.accept(bytes.flip());
            }
        } catch (ClosedChannelException closed) {
            // This gateway stops; who writes goes on when the next one reads.
        } catch (IOException e) {
            log.warn("The output of an instance cannot be read any more: {}", file, e);
        } finally {
            then.run();
            ended.complete(null);
        }
    }

    /** From now on it ends when no program has it open. */
    void release() {
        close(keeper);
    }

    /** Done when it has ended and all that came is where it belongs. */
    CompletionStage<Void> ended() {
        return ended;
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** Reads no further; what has been read is still passed on. */
    void close() {
        close(keeper);
        close(in);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("An end of a pipe was not closed", e); // nothing was written to it that could be lost
        }
    }
}
