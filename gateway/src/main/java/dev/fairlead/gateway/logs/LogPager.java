package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads a log a page at a time, backwards and onwards. As {@link LogFile}. */
final class LogPager {
    /** Most lines of a page. */
    static final int MAX_LINES = 1000;

    /** Most bytes of a page: a page of very long lines has fewer of them. */
    static final int MAX_BYTES = 512 * 1024;

    /** Most bytes looked through for the lines of one page, where lines are filtered. */
    static final int MAX_SEARCH = 32 * 1024 * 1024;

    /** How far back the start of a long line is looked for. */
    private static final int MAX_LONG_LINE = 8 * 1024 * 1024;

    private static final int BLOCK = LineSplitter.MAX_LINE + 2;

    /**
     * Lines that precede a position, oldest first.
     *
     * @param start where the page before this one ends
     * @param first whether no older line is kept
     */
    record Page(List<LogLine> lines, long start, boolean first) {}

    private final LogFile log;
    private final LogReader reader;

    /**
     * A page that was read onwards.
     *
     * @param end where it ends, which is where the next one begins
     */
    record Onward(Page page, long end) {}

    LogPager(LogFile log, LogReader reader) {
        this.log = log;
        this.reader = reader;
    }

    /** The {@code count} lines before {@code end} that {@code filter} lets pass, or as many as there are. */
    Page before(long end, int count, Predicate<String> filter) throws IOException {
        Deque<LogLine> page = new ArrayDeque<>();
        int pageBytes = 0;
        int searched = 0;
        long at = end;
        while (page.size() < count && searched < MAX_SEARCH) {
            long start = reader.chainStart(at);
            if (at <= start) {
                Optional<Generation> older = older(start);
                if (older.isEmpty()) {
                    break;
                }
                at = older.get().end();
                continue;
            }
            List<LogLine> lines = new ArrayList<>();
            long blockStart = block(start, at, lines);
            searched += (int) (at - blockStart);
            for (int i = lines.size() - 1; i >= 0 && page.size() < count; i--) {
                LogLine line = lines.get(i);
                if (filter.test(line.text())) {
                    pageBytes += (int) (line.end() - line.start());
                    if (pageBytes > MAX_BYTES && !page.isEmpty()) {
                        return page(page, page.getFirst().start());
                    }
                    page.addFirst(line);
                }
            }
            at = blockStart;
        }
        return page(page, page.size() == count && count > 0 ? page.getFirst().start() : at);
    }

    /** The {@code count} lines from {@code from} on that {@code filter} lets pass; {@code end} is an end of a line. */
    Onward on(long from, long end, int count, Predicate<String> filter) throws IOException {
        List<LogLine> page = new ArrayList<>();
        long start = Math.min(end, Math.max(from, log.files().oldest()));
        long at = start;
        long bytes = 0;
        while (page.size() < count && at < end && at - start < MAX_SEARCH) {
            LogStretch stretch = reader.read(at, end, Rest.ENDS);
            if (stretch.to() == at) {
                break;
            }
            for (LogLine line : stretch.allLines()) {
                if (filter.test(line.text())) {
                    bytes += line.end() - line.start();
                    if (page.size() == count || (bytes > MAX_BYTES && !page.isEmpty())) {
                        return new Onward(page(page, start), line.start());
                    }
                    page.add(line);
                }
            }
            at = stretch.to();
        }
        return new Onward(page(page, start), at);
    }

    /** Where the first line begins at {@code position} or after it, no further than {@code end}. */
    long lineFrom(long position, long end) throws IOException {
        long at = Math.max(position, log.files().oldest());
        if (at <= reader.chainStart(at)) {
            return Math.min(at, end);
        }
        at--; // the byte before may be the end of a line
        while (at < end) {
            byte[] bytes = reader.bytes(at, Math.min(end, at + BLOCK));
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    return at + i + 1;
                }
            }
            if (bytes.length == 0) { // a break is behind it, and a line begins there
                return Math.min(end, at + 1);
            }
            at += bytes.length;
        }
        return end;
    }

    private Page page(Collection<LogLine> lines, long start) throws IOException {
        long chain = reader.chainStart(start);
        return new Page(
                List.copyOf(lines), start, start <= chain && older(chain).isEmpty());
    }

    /** The lines that end in the last stretch before {@code end}; returns where the first of them starts. */
    private long block(long chainStart, long end, List<LogLine> lines) throws IOException {
        long from = Math.max(chainStart, end - BLOCK);
        byte[] bytes = reader.bytes(from, end);
        if (bytes.length < end - from) { // some of it is gone
            return from;
        }
        int first = 0;
        if (from > chainStart) {
            while (first < bytes.length - 1 && bytes[first] != '\n') {
                first++;
            }
            if (first == bytes.length - 1) {
                return longLine(chainStart, end, lines);
            }
            first++;
        }
        LineSplitter.split(bytes, first, bytes.length, from + first, false, Rest.ENDS, lines);
        return from + first;
    }

    /**
     * The pieces of a line that is longer than a block, cut where one who reads onwards gets them cut: counted from the
     * line's start. Where that is further away than {@link #MAX_LONG_LINE}, from there.
     */
    private long longLine(long chainStart, long end, List<LogLine> lines) throws IOException {
        long from = lineStart(chainStart, end);
        long at = from;
        while (at < end) {
            byte[] bytes = reader.bytes(at, end);
            boolean last = at + bytes.length >= end;
            int told = LineSplitter.split(bytes, 0, bytes.length, at, at > from, last ? Rest.ENDS : Rest.WAITS, lines);
            if (told == 0) { // some of it is gone
                break;
            }
            at += told;
        }
        return from;
    }

    private long lineStart(long chainStart, long end) throws IOException {
        long least = Math.max(chainStart, end - MAX_LONG_LINE);
        long to = end - 1; // the line's own ending does not count
        while (to > least) {
            long from = Math.max(least, to - BLOCK);
            byte[] bytes = reader.bytes(from, to);
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    return from + i + 1;
                }
            }
            to = from;
        }
        return least;
    }

    private Optional<Generation> older(long start) throws IOException {
        for (Optional<Generation> file = log.files().at(start - 1);
                file.isPresent();
                file = log.files().before(file.get())) {
            if (!file.get().open() && log.channel(file.get()).isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }
}
