package dev.fairlead.protocol;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One JSON value as the bytes it came in or goes out as: a range of an array that is shared, not copied, and must not
 * be written to. Whoever makes one vouches that the range is one whole, well-formed value.
 */
public final class RawJson {
    /** What stands around a value in a frame comes to a few hundred bytes. */
    private static final int SPARE = 512;

    private final byte[] source;
    private final int offset;
    private final int length;

    /**
     * Makes a range of an array.
     *
     * @throws IndexOutOfBoundsException where the range is not within the array
     */
    public RawJson(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        this.source = source;
        this.offset = offset;
        this.length = length;
    }

    /** The text of one whole, well-formed value. */
    public static RawJson ofText(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The whole array. */
    public static RawJson of(byte[] json) {
        return new RawJson(json, 0, json.length);
    }

    /** A value as the codec writes it: a record, a map, a tree. */
    public static RawJson of(Object value) {
        return of(FrameCodec.encode(value));
    }

    public int length() {
        return length;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOfRange(source, offset, offset + length);
    }

    /**
     * Binds the value to a record or tree.
     *
     * @throws FairleadException {@code bad_request} that names the field at fault
     */
    public <T> T as(Class<T> type) {
        return FrameCodec.decodeData(source, offset, length, type);
    }

    /** Reads it piece by piece; its reader closes it. */
    public JsonParser parser() throws IOException {
        return FrameCodec.parser(source, offset, length);
    }

    /**
     * The same for whoever keeps it: it holds on to no more than twice its own length, whatever it was a range of, and
     * a little.
     */
    public RawJson compact() {
        return source.length <= 2 * length + SPARE ? this : of(toBytes());
    }

    /**
     * Writes the bytes into an array.
     *
     * @return the place behind them
     * @throws IndexOutOfBoundsException where they do not fit
     */
    public int copyTo(byte[] target, int at) {
        System.arraycopy(source, offset, target, at, length);
        return at + length;
    }

    /** The text of the value. It may hold what must not be logged. */
    public String text() {
        return new String(source, offset, length, StandardCharsets.UTF_8);
    }

    /** Whether both are the same bytes; what means the same and is written otherwise is another. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RawJson json
                && Arrays.equals(source, offset, offset + length, json.source, json.offset, json.offset + json.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + source[i];
        }
        return hash;
    }

    /** Says how long the value is, never what it holds: payloads do not belong into logs. */
    @Override
    public String toString() {
        return "RawJson[" + length + " bytes]";
    }
}
