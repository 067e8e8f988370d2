package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks through a log for the lines that somebody searches, a step at a time. Most bytes are not made characters of: a
 * text is looked for in the bytes, and only a line that has it, or has colours in it, is looked at as it is seen. Used
 * by one thread at a time; blocks on the disk.
 */
final class LogSearch {
    /** Bytes of one step: a few milliseconds, which the log's other readers wait. */
    static final int STEP = 4 * 1024 * 1024;

    /** Lines of one step, after which it ends. */
    private static final int MAX_FOUND = 500;

    /** Text of the lines of one step, after which it ends. */
    private static final int MAX_FOUND_BYTES = 512 * 1024;

    /** Looked through twice, and copied before: small enough for a core's own cache. */
    private static final int BLOCK = 256 * 1024;

    private static final byte ESCAPE = 0x1b;

    private byte[] block = new byte[0];
    private ByteBuffer through = ByteBuffer.allocate(0);

    /** One step of a search on an open log. */
    LogCommands.Found step(OpenLog log, LogCommands.SearchOn search, LogFilter filter) throws IOException {
        if (block.length == 0) {
            block = new byte[BLOCK];
            through = ByteBuffer.allocateDirect(BLOCK);
        }
        log.sync();
        long id = log.file().files().id();
        long whole = Math.min(log.file().end(), search.to().orElse(LogReader.NO_LIMIT));
        long end = search.until().isPresent()
                ? Math.min(whole, log.times().past(search.until().get()).orElse(whole))
                : whole;
        Optional<LogCursor> cursor = search.from().map(LogCursor::parse);
        if (cursor.filter(one -> one.log() != id).isPresent()) { // deleted meanwhile, and made anew
            return new LogCommands.Found(List.of(), Optional.empty(), 0);
        }
        long from = cursor.map(LogCursor::position).orElse(0L);
        if (search.from().isEmpty() && search.since().isPresent()) {
            OptionalLong noted = log.times().from(search.since().get());
            from = noted.isPresent() ? log.pager().lineFrom(noted.getAsLong(), end) : end;
        }
        Optional<ByteSearch> literal = search.filter().regex()
                ? Optional.empty()
                : ByteSearch.of(search.filter().text(), search.filter().caseSensitive());
        List<LogCommands.Match> found = new ArrayList<>();
        Scan scan = new Scan(log, search, filter, found);
        long at = from;
        long scanned = 0;
        boolean done = false;
        while (!done && scanned < STEP && !scan.isFull()) {
            LogReader.Block read = log.reader().block(through, block, at, end);
            if (read.length() == 0) {
                done = true;
            } else {
                boolean last = read.ends() || read.next() >= end;
                int length = last ? read.length() : lastFeed(read.length()) + 1;
                length = length == 0 ? read.length() : length; // a line that is longer than all of it: in pieces
                long start = read.next() - read.length();
                scan.block(block, length, start, literal);
                scanned += scan.stopped >= 0 ? scan.stopped : length;
                at = start + (scan.stopped >= 0 ? scan.stopped : length);
                done = at >= end;
            }
        }
        return new LogCommands.Found(
                found, done ? Optional.empty() : Optional.of(new LogCursor(id, at).text()), scanned);
    }

    private int lastFeed(int length) {
        for (int i = length - 1; i >= 0; i--) {
            if (block[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** What is kept of one step. */
    private static final class Scan {
        private final OpenLog log;
        private final LogCommands.SearchOn search;
        private final LogFilter filter;
        private final List<LogCommands.Match> found;
        private Optional<LineTimes> times = Optional.empty(); // of the block, once a line of it needs them
        private int bytes;
        private int stopped = -1;

        Scan(OpenLog log, LogCommands.SearchOn search, LogFilter filter, List<LogCommands.Match> found) {
            this.log = log;
            this.search = search;
            this.filter = filter;
            this.found = found;
        }

        boolean isFull() {
            return found.size() >= MAX_FOUND || bytes >= MAX_FOUND_BYTES;
        }

        /** Looks at the lines of a block; where it is full, {@code stopped} is where to go on. */
        void block(byte[] block, int length, long start, Optional<ByteSearch> literal) throws IOException {
            stopped = -1;
            times = Optional.empty();
            int at = 0;
            while (at < length) {
                // Of a line with colours the bytes do not tell whether the text is seen in it.
                int candidate = literal.isEmpty() ? at : literal.get().find(ESCAPE, block, at, length);
                if (candidate < 0) {
                    return;
                }
                int from = lineStart(block, at, candidate);
                int feed = ByteSearch.indexOf((byte) '\n', block, candidate, length);
                int to = feed < 0 ? length : feed + 1;
                line(block, from, to, start, length);
                at = to;
                if (isFull() && at < length) {
                    stopped = at;
                    return;
                }
            }
        }

        private static int lineStart(byte[] block, int from, int candidate) {
            int start = candidate;
            while (start > from && block[start - 1] != '\n') {
                start--;
            }
            return start;
        }

        private void line(byte[] block, int from, int to, long start, int length) throws IOException {
            List<LogLine> pieces = new ArrayList<>();
            LineSplitter.split(block, from, to, start + from, false, Rest.ENDS, pieces);
            for (LogLine piece : pieces) {
                if (!filter.test(piece.text())) {
                    continue;
                }
                if (times.isEmpty()) {
                    times = Optional.of(log.times().between(start, start + length));
                }
                Optional<Instant> time = times.get().at(piece);
                Optional<LogLevel> level = LogLevel.of(LogFilter.asSeen(piece.text()));
                boolean severe = search.level().isEmpty()
                        || level.filter(one -> one.compareTo(search.level().get()) >= 0)
                                .isPresent();
                if (severe && isWithin(time)) {
                    found.add(new LogCommands.Match(
                            search.name(),
                            new LogCursor(log.file().files().id(), piece.start()).text(),
                            time,
                            level,
                            piece.text()));
                    bytes += (int) (piece.end() - piece.start());
                }
            }
        }

        /** A line whose time is not known may be of any. */
        private boolean isWithin(Optional<Instant> time) {
            return time.isEmpty()
                    || (search.since()
                                    .filter(since -> time.get().isBefore(since.minusMillis(LogTimes.EARLY)))
                                    .isEmpty()
                            && search.until()
                                    .filter(until -> !time.get().isBefore(until))
                                    .isEmpty());
        }
    }
}
