package dev.fairlead.gateway.logs;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A place in a log as clients keep it: opaque text of 27 characters.
 *
 * @param log which log, and which numbering of it: a log that was deleted and made anew has another
 * @param position the bytes before it have been seen
 */
record LogCursor(long log, long position) {
    private static final int LENGTH = Long.BYTES * 2 + Integer.BYTES;

    /** The text, safe in a URL. */
    String text() {
        byte[] bytes = ByteBuffer.allocate(LENGTH)
                .putLong(log)
                .putLong(position)
                .putInt(check(log, position))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws FairleadException {@code bad_request} where it was not
     */
    static LogCursor parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        if (bytes.length != LENGTH) {
            throw refused();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        LogCursor cursor = new LogCursor(in.getLong(), in.getLong());
        if (in.getInt() != check(cursor.log, cursor.position)
                || cursor.position < 0
                || !cursor.text().equals(text)) {
            throw refused();
        }
        return cursor;
    }

    /** Tells a damaged cursor from a good one; it guards nothing: a cursor opens no log its bearer may not read. */
    private static int check(long log, long position) {
        CRC32C crc = new CRC32C();
        crc.update(Arrays.copyOf(
                ByteBuffer.allocate(Long.BYTES * 2)
                        .putLong(log)
                        .putLong(position)
                        .array(),
                Long.BYTES * 2));
        return (int) crc.getValue();
    }

    private static FairleadException refused() {
        return new FairleadException(
                ErrorCode.BAD_REQUEST,
                "This is not a cursor of a log: use one as it was told, or leave it out for the latest lines");
    }
}
