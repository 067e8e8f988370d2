package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads a log onwards from any position, in memory that is bounded by {@link #BUFFER}. As {@link LogFile}. */
final class LogReader {
    /** Bytes of one read: two of the longest lines. */
    static final int BUFFER = 2 * LineSplitter.MAX_LINE;

    /** To read as far as there is anything. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private final LogFile log;
    private byte[] buffer = new byte[0]; // made when it is read: most logs are open to be noted alone

    /** Bytes from {@code from} on: {@code length} of them, and whether they go to the end of what precedes a break. */
    private record Filled(int length, boolean toBreak) {}

    LogReader(LogFile log) {
        this.log = log;
    }

    /**
     * Reads on.
     *
     * @param limit an end of a line where to stop at the latest
     * @param rest what becomes of a line without its end
     */
    LogStretch read(long from, long limit, Rest rest) throws IOException {
        List<LogPart> parts = new ArrayList<>();
        long at = from;
        Filled filled = new Filled(0, false);
        int consumed = 0;
        for (int budget = BUFFER; budget > 0; budget -= filled.length) {
            Optional<Generation> file = available(at);
            if (file.isEmpty() || at >= limit) {
                return new LogStretch(from, at, parts, false, false);
            }
            if (at < file.get().start()) { // before a break, or what was here is gone
                long to = Math.min(limit, file.get().start());
                told(at, to, file.get(), parts);
                at = to;
                filled = new Filled(0, false);
                continue;
            }
            int before = at > file.get().start() || precedes(file.get()) ? 1 : 0;
            filled = fill(at - before, limit, budget + before, before);
            List<LogLine> lines = new ArrayList<>();
            boolean ends = filled.toBreak || at + filled.length >= limit;
            boolean full = filled.length == budget && !ends;
            boolean continues = before == 1 && buffer[0] != '\n';
            consumed = LineSplitter.split(
                    buffer,
                    before,
                    before + filled.length,
                    at,
                    continues,
                    ends ? Rest.ENDS : full ? Rest.WAITS : rest,
                    lines);
            if (!lines.isEmpty()) {
                parts.add(new LogPart.Lines(lines));
            }
            log.witness(file.get(), at + filled.length, buffer, before, before + filled.length);
            at += consumed;
            if (filled.length == 0
                    && !file.get().open()
                    && at < Math.min(limit, file.get().end())) {
                // The file is shorter than it was: somebody cut it.
                long to = Math.min(limit, file.get().end());
                parts.add(new LogPart.Skipped(to - at));
                at = to;
                continue;
            }
            if (!filled.toBreak) {
                return new LogStretch(from, at, parts, full, !full && consumed < filled.length);
            }
        }
        return new LogStretch(from, at, parts, at < limit, false);
    }

    /**
     * Raw bytes from a position on, across all breaks; where they end.
     *
     * @return how many bytes came and where to go on; no bytes at the end of the log
     */
    Raw raw(long from, long limit, int max) throws IOException {
        long at = from;
        while (at < limit) {
            Optional<Generation> file = available(at);
            if (file.isEmpty()) {
                break;
            }
            at = Math.max(at, file.get().start());
            int length = fill(at, limit, Math.min(max, BUFFER), 0).length;
            if (length > 0) {
                return new Raw(Arrays.copyOf(buffer, length), at + length);
            }
            if (file.get().open()) {
                break;
            }
            at = file.get().end() + 1;
        }
        return new Raw(new byte[0], at);
    }

    /**
     * Fills an array from a position on, across all breaks before it; no bytes at the end of the log.
     *
     * @param through a direct buffer as large as the array: one that a channel makes by itself it may make anew each
     *     time, which takes longer than to read
     * @param limit where to stop at the latest
     */
    Block block(ByteBuffer through, byte[] into, long from, long limit) throws IOException {
        long at = from;
        while (at < limit) {
            Optional<Generation> file = available(at);
            if (file.isEmpty()) {
                break;
            }
            at = Math.max(at, file.get().start());
            Filled filled = fill(through.clear(), at, limit, 0);
            if (filled.length > 0) {
                through.flip().get(into, 0, filled.length);
                return new Block(filled.length, at + filled.length, filled.toBreak);
            }
            if (file.get().open()) {
                break;
            }
            at = file.get().end() + 1;
        }
        return new Block(0, at, true);
    }

    /**
     * Bytes that were put into an array.
     *
     * @param next the position after them
     * @param ends whether the last line is whole though no line feed ends it
     */
    record Block(int length, long next, boolean ends) {}

    /** Bytes of a log as they lie in its files. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Raw(byte[] bytes, long next) {}

    /** Tells what lies between a position and the file to go on in: lost bytes, a break, or both. */
    private static void told(long at, long to, Generation next, List<LogPart> parts) {
        boolean breaks = !next.joined() && to == next.start();
        long lost = to - at - (breaks ? 1 : 0);
        if (lost > 0) {
            parts.add(new LogPart.Skipped(lost));
        }
        if (breaks) {
            parts.add(new LogPart.Rotated());
        }
    }

    /** Whether the byte before a file's first is still there, so that the file's first line may be the rest of one. */
    private boolean precedes(Generation file) throws IOException {
        Optional<Generation> before = log.files().before(file);
        return file.joined()
                && before.isPresent()
                && before.get().end() == file.start()
                && log.channel(before.get()).isPresent();
    }

    /** Where the unfinished last line begins, or where the log ends if there is none. */
    long lastLineEnd() throws IOException {
        long end = log.end();
        long from = Math.max(chainStart(end), end - LineSplitter.MAX_LINE);
        int length = fill(from, end, (int) (end - from), 0).length;
        for (int i = length; i > 0; i--) {
            if (buffer[i - 1] == '\n') {
                return from + i;
            }
        }
        return from > chainStart(end) ? end : from;
    }

    /** Where the bytes without a break begin that lead to a position. */
    long chainStart(long position) throws IOException {
        Optional<Generation> file = log.files().at(position);
        while (file.isPresent() && precedes(file.get())) {
            file = log.files().before(file.get());
        }
        return file.map(Generation::start).orElse(position);
    }

    /** Copies {@code to - from} bytes of one chain; fewer where something is gone. */
    byte[] bytes(long from, long to) throws IOException {
        int length = fill(from, to, (int) Math.min(to - from, BUFFER), 0).length;
        return Arrays.copyOf(buffer, length);
    }

    /** The file to read on in from a position: the one that has it, or else the next there is. */
    private Optional<Generation> available(long position) throws IOException {
        List<Generation> all = log.files().files();
        for (Generation file : all) {
            boolean past = !file.open() && (position > file.end() || (position == file.end() && isFollowed(all, file)));
            if (!past && log.channel(file).isPresent()) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static boolean isFollowed(List<Generation> all, Generation file) {
        return all.indexOf(file) + 1 < all.size();
    }

    /** Fills the buffer from a position, over files that are joined. */
    private Filled fill(long from, long limit, int max, int before) throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[BUFFER + 1];
        }
        return fill(ByteBuffer.wrap(buffer, 0, max), from, limit, before);
    }

    private Filled fill(ByteBuffer into, long from, long limit, int before) throws IOException {
        int max = into.limit();
        long at = from;
        boolean toBreak = false;
        while (into.hasRemaining() && at < limit) {
            Optional<Generation> found = log.files().at(at);
            Optional<FileChannel> channel = found.isPresent() ? log.channel(found.get()) : Optional.empty();
            if (channel.isEmpty()) {
                break;
            }
            Generation file = found.get();
            long stop = Math.min(limit, file.open() ? NO_LIMIT : file.end());
            into.limit((int) Math.min(max, into.position() + Math.max(0, stop - at)));
            int read = LogFolder.read(channel.get(), into, file.offset(at));
            into.limit(max);
            at += read;
            if (!file.open() && at < stop && into.hasRemaining()) {
                toBreak = true; // somebody cut it: what should follow is gone
            }
            if (file.open() || at < file.end()) {
                break;
            }
            Optional<Generation> next = log.files().after(file);
            if (next.isEmpty()
                    || !precedes(next.get())
                    || log.channel(next.get()).isEmpty()) {
                toBreak = next.isPresent(); // or what follows is gone
                break;
            }
        }
        return new Filled(Math.max(0, into.position() - before), toBreak);
    }
}
