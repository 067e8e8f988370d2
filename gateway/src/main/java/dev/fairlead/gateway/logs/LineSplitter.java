package dev.fairlead.gateway.logs;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts bytes into lines. A line ends with a line feed, a carriage return before it belongs to the ending; a longer line
 * than {@link #MAX_LINE} becomes several pieces, never cut within a character. Stateless, so that whoever begins at the
 * same position gets the same lines.
 */
final class LineSplitter {
    /** Most bytes of a line, its ending not counted. */
    static final int MAX_LINE = 64 * 1024;

    /** What becomes of bytes at the end that no line feed follows. */
    enum Rest {
        /** They wait for more. */
        WAITS,
        /**
         * They have waited long enough and are a line; what could be half a character or half an ending still waits.
         */
        LEAVES,
        /** Nothing follows them: they are a line. */
        ENDS
    }

    private LineSplitter() {}

    /**
     * Adds the lines of a range to {@code lines}.
     *
     * @param position of the first byte of the range in the log
     * @param continues whether the range begins within a line of which a part was told already; if nothing but an
     *     ending is left of it, that is no line
     * @return how many bytes became lines
     */
    static int split(byte[] bytes, int from, int to, long position, boolean continues, Rest rest, List<LogLine> lines) {
        int at = from;
        boolean piece = continues;
        while (at < to) {
            int feed = indexOfFeed(bytes, at, (int) Math.min(to, at + MAX_LINE + 2L));
            int end = feed > at && bytes[feed - 1] == '\r' ? feed - 1 : feed;
            if (feed >= 0 && end - at <= MAX_LINE) {
                if (end > at || !piece) {
                    lines.add(line(bytes, at, end, position + at - from, position + feed + 1 - from));
                }
                at = feed + 1;
                piece = false;
            } else if (to - at > MAX_LINE) {
                int cut = characterStart(bytes, at, at + MAX_LINE);
                lines.add(line(bytes, at, cut, position + at - from, position + cut - from));
                at = cut;
                piece = true;
            } else {
                return rest(bytes, at, to, position - from, piece, rest, lines) - from;
            }
        }
        return at - from;
    }

    private static int rest(byte[] bytes, int at, int to, long shift, boolean piece, Rest rest, List<LogLine> lines) {
        if (rest == Rest.WAITS) {
            return at;
        }
        int end = bytes[to - 1] == '\r' ? to - 1 : to;
        if (rest == Rest.LEAVES) {
            end -= unfinishedCharacter(bytes, at, end);
        }
        if (end > at || (rest == Rest.ENDS && !piece)) {
            lines.add(line(bytes, at, end, shift + at, shift + (rest == Rest.ENDS ? to : end)));
        }
        return rest == Rest.ENDS ? to : end;
    }

    private static LogLine line(byte[] bytes, int from, int to, long start, long end) {
        return new LogLine(new String(bytes, from, to - from, StandardCharsets.UTF_8), start, end);
    }

    private static int indexOfFeed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Goes back from a cut to where the character begins that it would go through. */
    private static int characterStart(byte[] bytes, int from, int cut) {
        int start = cut;
        while (start > from && cut - start < 3 && (bytes[start] & 0xC0) == 0x80) {
            start--;
        }
        return (bytes[start] & 0xC0) == 0xC0 && start > from ? start : cut;
    }

    /** How many bytes at the end are the beginning of a character whose other bytes have not come. */
    private static int unfinishedCharacter(byte[] bytes, int from, int end) {
        for (int back = 1; back <= 3 && end - back >= from; back++) {
            int b = bytes[end - back] & 0xFF;
            if (b >= 0xC2 && b < 0xF5) {
                int width = b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
                return width > back ? back : 0;
            }
            if ((b & 0xC0) != 0x80) {
                return 0;
            }
        }
        return 0;
    }
}
