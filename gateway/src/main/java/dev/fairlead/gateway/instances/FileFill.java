package dev.fairlead.gateway.instances;

import java.nio.ByteBuffer;

/**
 * How much of what an instance wrote still goes into the file of its log that is written to, where the gateway writes
 * it: never more than the bound, and whole lines at its end, as long as they are not longer than the room that is kept
 * for the last one.
 */
final class FileFill {
    /** Room for the last line; readers split longer ones in any case. */
    private static final int LAST_LINE = 64 * 1024;
    /** Of a file, at most. */
    private static final int SHARE = 4;

    private final long most;
    private final long enough;

    /**
     * For files of one size.
     *
     * @param bound bytes at which a log is rotated by copying, which never comes to that
     */
    FileFill(long bound) {
        this.most = bound - 1;
        this.enough = most - Math.min(LAST_LINE, most / SHARE);
    }

    /**
     * How many of these bytes go into the file, from the first on; the others go into the next one.
     *
     * @param held bytes in the file so far
     * @param withinLine whether what is in it ends within a line
     * @return 0 where a new file is to be begun
     */
    int fits(long held, ByteBuffer bytes, boolean withinLine) {
        if (held + bytes.remaining() <= enough) {
            return bytes.remaining();
        }
        int room = (int) Math.max(0, Math.min(bytes.remaining(), most - held));
        for (int end = bytes.position() + room; end > bytes.position(); end--) {
            if (bytes.get(end - 1) == '\n') {
                return end - bytes.position();
            }
        }
        return withinLine || held == 0 ? room : 0;
    }
}
