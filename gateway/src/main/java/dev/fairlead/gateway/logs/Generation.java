package dev.fairlead.gateway.logs;

/**
 * One file that holds a stretch of a log.
 *
 * @param name the file's name when it was last seen; the inode finds it under another
 * @param inode of the file
 * @param start the position of the first byte it holds
 * @param skip where in the file that byte stands: what lies before was freed
 * @param length how many bytes it holds; {@link #OPEN} while it is written to
 * @param joined whether its bytes follow those of the generation before without a break, within a line even
 * @param print what its first bytes are, to tell it from another file that got its inode
 */
record Generation(String name, long inode, long start, long skip, long length, boolean joined, Print print) {
    static final long OPEN = -1;

    /**
     * The first bytes of a file.
     *
     * @param length how many of them, 256 at most
     * @param sum their CRC-32C
     */
    record Print(int length, long sum) {
        static final int FULL = 256;
        static final Print NONE = new Print(0, 0);
    }

    boolean open() {
        return length == OPEN;
    }

    /** The position after its last byte; only where it is not written to any more. */
    long end() {
        if (open()) {
            throw new IllegalStateException("A file that is written to has no end yet");
        }
        return start + length;
    }

    /** Where in the file a position stands. */
    long offset(long position) {
        return position - start + skip;
    }

    /** The position of an offset in the file. */
    long position(long offset) {
        return offset - skip + start;
    }

    Generation named(String now) {
        return new Generation(now, inode, start, skip, length, joined, print);
    }

    Generation closed(long bytes) {
        return new Generation(name, inode, start, skip, bytes, joined, print);
    }

    Generation printed(Print now) {
        return new Generation(name, inode, start, skip, length, joined, now);
    }
}
