package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Writes lines of about 100 bytes that tell when they were written, one write a line, as a process that logs does. */
final class LineWriter {
    private static final String TEXT = " a line as a process might log it, of about a hundred bytes in all ..........";
    private static final Duration LAST = Duration.ofSeconds(10);

    private LineWriter() {}

    /**
     * Writes at an even rate, then waits for the last lines to arrive.
     *
     * @param readers who each are to get every line
     * @return how many were written
     */
    static long write(TimeSource time, Path file, int linesASecond, Duration length, LineLatency latency, int readers)
            throws IOException {
        long written = 0;
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND))) {
            long began = time.nanos();
            while (true) {
                long due = began + written * 1_000_000_000L / linesASecond;
                for (long wait = due - time.nanos(); wait > 0; wait = due - time.nanos()) {
                    LockSupport.parkNanos(wait);
                }
                if (due - began >= length.toNanos()) {
                    break;
                }
                String line = LineLatency.stamp(time.nanos()) + TEXT + "\n";
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
                written++;
            }
        }
        long until = time.nanos() + LAST.toNanos();
        while (time.nanos() < until && latency.delivered() < written * readers) {
            LockSupport.parkNanos(1_000_000);
        }
        return written;
    }
}
